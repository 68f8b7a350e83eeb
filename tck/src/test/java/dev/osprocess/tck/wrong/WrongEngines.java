// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.wrong;

import static dev.osprocess.tck.wrong.WrongEngine.in;
import static dev.osprocess.tck.wrong.WrongEngine.inFront;

import java.util.List;

/** The engines that the scripted kernel must see through. */
final class WrongEngines {
    private WrongEngines() {}

    static final List<WrongEngine> ALL = List.of(
            // ---- status, count, references
            WrongEngine.of(
                    "a release leaves the Cleaner its turn, and both give the reference back",
                    "STATE-14",
                    "CleanerTest#state14",
                    in(
                            "LifeCycle",
                            "if (registered != null) { registered.clean(); // runs dropped()",
                            "if (registered != null && status.isOk()) { registered.clean(); // runs dropped()"),
                    in(
                            "LifeCycle",
                            "void dropped() { if (!status.isOk()) { return; }",
                            "void dropped() { if (!status.isOk()) { handle.release(); return; }")),
            WrongEngine.of(
                    "a reference is taken of a closed handle",
                    "STATE-04",
                    "HandleCountTest#state04",
                    in("HandleCount", "if (now == 0) { return false; }", "")),
            WrongEngine.of(
                    "the count goes below zero in silence",
                    "STATE-06",
                    "HandleCountTest#state06",
                    in("HandleCount", "if (left < 0) { throw impossible(left); }", "")),
            WrongEngine.of(
                    "a release closes the handle while others are inside",
                    "CONC-06",
                    "ReleaseTest#conc06",
                    in(
                            "LifeCycle",
                            "does nothing } handle.release();",
                            "does nothing\n } target.close(); handle.release();")),
            WrongEngine.of(
                    "a release closes the handle under the function that it was lent to",
                    "HND-04",
                    "LendingTest#hnd04",
                    in(
                            "LifeCycle",
                            "does nothing } handle.release();",
                            "does nothing\n } target.close(); handle.release();")),
            WrongEngine.of(
                    "the reference stays if the function throws that the handle was lent to",
                    "HND-05",
                    "LendingTest#hnd05",
                    in(
                            "LifeCycle",
                            "acquire(\"withHandle\"); try { return function.apply(type.cast(lent)); } finally { handle.release(); }",
                            "acquire(\"withHandle\"); R result = function.apply(type.cast(lent)); handle.release(); return result;")),
            WrongEngine.of(
                    "the reference stays if a signal fails",
                    "STATE-09",
                    "ReleaseTest#state09",
                    in(
                            "LifeCycle",
                            "send(signal, false); } finally { unpin(pinned); } } finally { handle.release(); }",
                            "send(signal, false); } finally { unpin(pinned); } handle.release(); } finally { }")),
            WrongEngine.of(
                    "the status has more than one winner",
                    "STATE-02",
                    "HandleCountTest#state01",
                    in(
                            "StatusWord",
                            "return word.compareAndSet(OK, number(to));",
                            "word.set(number(to)); return true;")),
            WrongEngine.of(
                    "the handle closes before the status has left OK",
                    "STATE-03",
                    "ReleaseTest#state03",
                    in(
                            "LifeCycle",
                            "if (status.leaveOk(ProcessStatus.RELEASED)) { giveUpOwnReference();",
                            "if (status.isOk()) { giveUpOwnReference(); status.leaveOk(ProcessStatus.RELEASED);")),
            WrongEngine.of(
                    "a signal uses the handle without a reference",
                    "STATE-08",
                    "ReleaseTest#state08",
                    in(
                            "LifeCycle",
                            "send(signal, false); } finally { unpin(pinned); } } finally { handle.release(); }",
                            "send(signal, false); } finally { unpin(pinned); } } finally { }"),
                    in("LifeCycle", "acquire(\"signal\");", "acquire(\"signal\"); handle.release();")),
            WrongEngine.of(
                    "what was gone when it was looked for is OK",
                    "STATE-13",
                    "StatusTableTest#every",
                    in(
                            "LifeCycle",
                            "OnClose.REAP_LATER, ProcessStatus.DONE);",
                            "OnClose.REAP_LATER, ProcessStatus.OK);")),
            WrongEngine.of(
                    "DONE is said before there is a state",
                    "STATE-18",
                    "WaitTest#state18",
                    in(
                            "Termination",
                            "ending = seen; if (started)",
                            "life.ended(); Thread.yield(); java.util.concurrent.locks.LockSupport.parkNanos(3_000_000); ending = seen; if (started)")),
            WrongEngine.of(
                    "a failed look ends the object",
                    "STATE-12",
                    "WaitTest#state12_aLookOf",
                    in(
                            "Termination",
                            "giveUpWatch(watched, failure); return true; } catch (RuntimeException",
                            "life.ended(); giveUpWatch(watched, failure); return true; } catch (RuntimeException")),
            WrongEngine.of(
                    "the object may be collected while a signal is inside",
                    "STATE-15",
                    "CleanerTest#state15_anObject",
                    inFront(
                            "OsProcess",
                            "life.signal(signal); } finally { Reference.reachabilityFence(this); }",
                            "life.signal(signal); } finally { }")),
            // ---- waiting
            WrongEngine.of(
                    "after a release a wait goes on as before",
                    "WAIT-05",
                    "StatusTableTest#every",
                    in(
                            "Termination",
                            "if (life.status() == ProcessStatus.RELEASED) { throw new ProcessReleasedException(operation, target.pid()); } if (life.status()",
                            "if (life.status()")),
            WrongEngine.of(
                    "signals are let through while the number is freed",
                    "WAIT-15",
                    "PidModeTest#wait15_aSignalThatIsUnderWay",
                    in("ReapClaim", "collecting = lock.writeLock();", "collecting = new ReentrantLock();")),
            WrongEngine.of(
                    "signals by number stand in a queue",
                    "SIG-16",
                    "PidModeTest#sig16",
                    in("ReapClaim", "signalling = lock.readLock();", "signalling = collecting;")),
            WrongEngine.of(
                    "a waiter holds the lock of signals while it waits",
                    "WAIT-16",
                    "WaitTest#wait16",
                    in(
                            "Termination",
                            "try { return watched.ended.get(); } catch (ExecutionException failed) { throw failureOf(failed);",
                            "claim.signalLock().lock(); try { return watched.ended.get(); } catch (ExecutionException failed) { throw failureOf(failed);"),
                    in(
                            "LifeCycle",
                            "acquire(\"signal\"); try {",
                            "acquire(\"signal\"); try { claim.begin(); claim.end(false);")),
            WrongEngine.of(
                    "a stolen state is an exit with code 0",
                    "WAIT-18",
                    "WaitTest#wait18",
                    in(
                            "Termination",
                            "return Ending.without(taken);",
                            "return Ending.of(ProcessState.exited(target.pid(), 0));")),
            WrongEngine.of(
                    "an interrupted waiter takes the state with it",
                    "WAIT-23",
                    "WaitTest#wait23",
                    in(
                            "Termination",
                            "try { return watched.ended.get(); } catch (ExecutionException failed) { throw failureOf(failed);",
                            "try { return watched.ended.get(); } catch (InterruptedException gone) { watched.ended.cancel(true); throw gone; }"
                                    + " catch (ExecutionException failed) { throw failureOf(failed);")),
            WrongEngine.of(
                    "an interrupt is swallowed",
                    "WAIT-23",
                    "WaitTest#wait23",
                    in(
                            "Termination",
                            "try { return watched.ended.get(); } catch (ExecutionException failed) { throw failureOf(failed);",
                            "try { return watched.ended.join(); } catch (java.util.concurrent.CompletionException failed) { throw"
                                    + " failureOf(new ExecutionException(failed.getCause()));")),
            WrongEngine.of(
                    "an end at the deadline is lost",
                    "WAIT-24",
                    "WaitTest#wait24_anEnd",
                    in(
                            "Termination",
                            "is not lost. look(); now = settledEnding();",
                            "is not lost.\n now = settledEnding();")),
            WrongEngine.of(
                    "a huge timeout overflows",
                    "WAIT-24",
                    "WaitTest#wait24_huge",
                    in(
                            "Termination",
                            "return timeout.toSeconds() >= Long.MAX_VALUE / 1_000_000_000L ? Long.MAX_VALUE : timeout.toNanos();",
                            "return timeout.getSeconds() * 1_000_000_000L + timeout.getNano();")),
            WrongEngine.of(
                    "events are promised and never asked for",
                    "WAIT-30",
                    "WaitTest#wait30_anEnd",
                    in(
                            "ExitWatcher",
                            "byEvent = !eventsLost && events.add(watch.key, watch.process.target());",
                            "byEvent = !eventsLost; if (stopping) { events.add(watch.key, watch.process.target()); }")),
            WrongEngine.of(
                    "an early event is one look, and is forgotten",
                    "WAIT-33",
                    "WatcherTest#wait33_anEventThat",
                    in("ExitWatcher", "if (before != ExitWatch.REMOVED) { adopt(watch); }", "")),
            WrongEngine.of(
                    "events are known by pid",
                    "WAIT-34",
                    "WatcherTest#wait34",
                    in(
                            "ExitWatcher",
                            "return new ExitWatch(nextKey.getAndIncrement(), process);",
                            "return new ExitWatch(process.target().pid() - 99, process);")),
            WrongEngine.of(
                    "the handle closes before its events are given back",
                    "WAIT-13",
                    "WaitTest#wait13_reap",
                    in(
                            "ExitWatcher",
                            "if (watch.endRegistration() == ExitWatch.REGISTERED) { giveBack(watch); } watch.process.releaseWatchReference();",
                            "watch.process.releaseWatchReference(); if (watch.endRegistration() == ExitWatch.REGISTERED) { giveBack(watch); }"),
                    in(
                            "Termination",
                            "finally { claim.end(seen != null); } if (seen == null) { return false; }",
                            "finally { claim.end(seen != null); } if (seen == null) { return false; } life.releaseReference();"),
                    in(
                            "Termination",
                            "afterSettled(seen); return true; } finally { life.releaseReference(); }",
                            "afterSettled(seen); life.tryAcquire(); return true; } finally { life.releaseReference(); }")),
            WrongEngine.of(
                    "waiting for oneself is begun",
                    "WAIT-11",
                    "WaitTest#d17_waitingForOneself",
                    in(
                            "Engine",
                            "if (life.pid() == self && !life.isStarted()) { throw ProcessException.builder(ErrorKind.INVALID, \"waitFor\")",
                            "if (life.pid() < 0) { throw ProcessException.builder(ErrorKind.INVALID, \"waitFor\")")),
            WrongEngine.of(
                    "when events fail for good, those who wait are forgotten",
                    "D9",
                    "WatcherTest#d9_whenEventsFailForGoodThoseWhoWaited",
                    in("ExitWatcher", "for (ExitWatch watch : watches.values()) { adopt(watch); }", "")),
            // ---- futures
            WrongEngine.of(
                    "futures are completed before the state is there",
                    "WAIT-27",
                    "OnExitTest#wait27_completion",
                    in(
                            "Termination",
                            "ending = seen; if (started)",
                            "afterSettled(seen); java.util.concurrent.locks.LockSupport.parkNanos(3_000_000); ending = seen; if (started)")),
            WrongEngine.of(
                    "futures are told while the child is being reaped",
                    "WAIT-27",
                    "OnExitTest#wait27_nothingIsTold",
                    in(
                            "Termination",
                            "Ending seen = null; try { seen = collect();",
                            "Ending seen = null; try { ExitWatch early = watch.get(); if (early != null && started) { early.complete(Ending.of(ProcessState.exited(target.pid(), 7))); } seen = collect();")),
            WrongEngine.of(
                    "a future is completed on the watcher",
                    "D9",
                    "OnExitTest#d9_callbacksNeverRun",
                    in("ExitNotice", "dispatcher.execute(this); }", "run(); }")),
            WrongEngine.of(
                    "one future for all who ask",
                    "WAIT-28",
                    "OnExitTest#wait28",
                    in(
                            "Termination",
                            "watched.tell(new ExitNotice(this, watched, future, executor, engine.dispatcher())); return future;",
                            "return watched.ended;")),
            WrongEngine.of(
                    "one thread for all callbacks",
                    "EV-02",
                    "OnExitTest#ev02_callbacks",
                    in(
                            "ExitDispatcher",
                            "} else if (now - seenAtNanos >= RELIEF_NANOS) {",
                            "} else if (now < seenAtNanos) {")),
            WrongEngine.of(
                    "a future that was cancelled keeps the handle of a released object",
                    "WAIT-28",
                    "IdleWatchTest#wait28",
                    in("ExitNotice", "watch.forget(this); process.leave(watch);", "watch.forget(this);")),
            // ---- signalling
            WrongEngine.of(
                    "a signal after the end makes a call",
                    "SIG-03",
                    "StatusTableTest#every",
                    in(
                            "LifeCycle",
                            "private void checkNumber(String operation) throws ProcessException { if (numberPinnedBy != null) {",
                            "private void checkNumber(String operation) throws ProcessException { if (numberPinnedBy != null && pid() < 0) {"),
                    in(
                            "LifeCycle",
                            "acquire(\"signal\"); try { engine.refuseSignalToSelf(this, signal);",
                            "boolean held = tryAcquire(); try { engine.refuseSignalToSelf(this, signal);"),
                    in(
                            "LifeCycle",
                            "send(signal, false); } finally { unpin(pinned); } } finally { handle.release(); }",
                            "send(signal, false); } finally { unpin(pinned); } } finally { if (held) { handle.release(); } }")),
            WrongEngine.of(
                    "a stranger's number is signalled once its owner has reaped",
                    "D18",
                    "PidModeTest#d18_onceTheOwner",
                    in(
                            "LifeCycle",
                            "claim, target.strategy() == Strategy.PID ? owner : null, false,",
                            "claim, null, false,")),
            WrongEngine.of(
                    "the JVM can end itself through a number that it found",
                    "SIG-26",
                    "SignalTest#sig26",
                    in(
                            "Engine",
                            "&& !life.maySignalSelf() && !signal.equals(Signal.of(0))",
                            "&& life.maySignalSelf()")),
            WrongEngine.of(
                    "kill waits for the end",
                    "SIG-19",
                    "SignalTest#sig19",
                    in(
                            "LifeCycle",
                            "signal(Signal.KILL); return true;",
                            "signal(Signal.KILL); onExit(null).join(); return true;")),
            WrongEngine.of(
                    "a kill is noted after it was sent",
                    "PS-18",
                    "SignalTest#ps18_theHintIsThere",
                    in(
                            "LifeCycle",
                            "if (asksToEnd) { END_REQUESTS.incrementAndGet( this);",
                            "if (!asksToEnd) { END_REQUESTS.get(this);"),
                    in(
                            "LifeCycle",
                            "sent = true; } finally { if (asksToEnd && !sent) { END_REQUESTS.decrementAndGet(this); }",
                            "sent = true; } finally { if (asksToEnd && sent) { END_REQUESTS.incrementAndGet(this); }")),
            WrongEngine.of(
                    "a kill that was refused counts as sent",
                    "PS-18",
                    "SignalTest#ps18_theKillHint",
                    in("LifeCycle", "if (asksToEnd && !sent) { END_REQUESTS.decrementAndGet(this); }", "")),
            WrongEngine.of(
                    "kill of what had finished throws",
                    "ERR-05",
                    "StatusTableTest#every",
                    in(
                            "LifeCycle",
                            "signal(Signal.KILL); return true; } catch (ProcessDoneException finished) { return false; }",
                            "signal(Signal.KILL); return true; } catch (ProcessDoneException finished) { throw finished; }")),
            // ---- finding, owning
            WrongEngine.of(
                    "any failure to open means gone",
                    "ID-06",
                    "OwnershipTest#id06",
                    in(
                            "Engine",
                            "return opened(pid); } catch (ProcessDoneException gone) { return LifeCycle.ofGone(this, new GoneTarget(pid, strategyOfGone), gone);",
                            "return opened(pid); } catch (ProcessException gone) { return LifeCycle.ofGone(this, new GoneTarget(pid, strategyOfGone), (ProcessDoneException) done(\"find\", pid));")),
            WrongEngine.of(
                    "pids are cut to 32 bits",
                    "ID-09",
                    "OwnershipTest#id09",
                    in(
                            "Engine",
                            "if (owner == null) { return LifeCycle.ofFound(this, backend.open(pid), null);",
                            "if (owner == null) { return LifeCycle.ofFound(this, backend.open((int) pid), null);")),
            WrongEngine.of(
                    "zero and negative numbers reach the system",
                    "ID-07",
                    "OwnershipTest#id07",
                    in("Engine", "if (pid <= 0) {", "if (pid == Long.MIN_VALUE) {")),
            WrongEngine.of(
                    "a found object of our child goes on when the number is somebody else's",
                    "D18",
                    "PidModeTest#d18_aFoundNumber",
                    in(
                            "Engine",
                            "pinned.lock(); try { if (!owner.isSettled()) { return LifeCycle.ofFound(this, backend.open(pid), owner);",
                            "pinned.lock(); try { if (!owner.isSettled()) { return LifeCycle.ofFound(this, backend.open(pid), null);")),
            WrongEngine.of(
                    "an identity matches whoever has the number",
                    "D16",
                    "OwnershipTest#d16_anIdentityFinds",
                    in(
                            "Engine",
                            "same = life.identity().denotesSameProcess(identity);",
                            "same = life.identity().pid() == identity.pid();")),
            WrongEngine.of(
                    "an identity that cannot be read leaves the handle open",
                    "D16",
                    "OwnershipTest#d16_anIdentityThatCannot",
                    in("Engine", "} finally { if (!same) { life.release(); } }", "} if (!same) { life.release(); }")),
            WrongEngine.of(
                    "the identity is read while the number is freed",
                    "D16",
                    "PidModeTest#d16",
                    in(
                            "LifeCycle",
                            "Lock pinned = pinNumber(); // or a newcomer's would be kept for ever",
                            "Lock pinned = null;")),
            WrongEngine.of(
                    "liveness is asked while the number is freed",
                    "ID-14",
                    "PidModeTest#d2",
                    in(
                            "LifeCycle",
                            "private Liveness askLiveness() throws ProcessException { Lock pinned = pinNumber(); try { checkNumber(\"liveness\");",
                            "private Liveness askLiveness() throws ProcessException { Lock pinned = null; try {")),
            // ---- giving up
            WrongEngine.of(
                    "release kills",
                    "REL-01",
                    "ReleaseTest#rel01",
                    in(
                            "LifeCycle",
                            "public ProcessStatus release() { if",
                            "public ProcessStatus release() { try { kill(); } catch (ProcessException gone) { Log.warning(\"\", gone); } if")),
            WrongEngine.of(
                    "close kills",
                    "REL-07",
                    "ReleaseTest#rel07",
                    in("LifeCycle", "if (onClose == OnClose.KILL_AND_REAP) {", "if (onClose != null) {")),
            WrongEngine.of(
                    "close waits for the child",
                    "REL-07",
                    "ReleaseTest#rel07",
                    in(
                            "LifeCycle",
                            "termination.handOver(); if",
                            "termination.handOver(); termination.onExit(null).join(); if")),
            WrongEngine.of(
                    "close leaves the zombie",
                    "REL-07",
                    "ReleaseTest#rel07",
                    in("LifeCycle", "if (started && status.isOk()) { handOver(); }", "")),
            WrongEngine.of(
                    "a second release releases again",
                    "REL-03",
                    "ReleaseTest#rel03",
                    in(
                            "LifeCycle",
                            "return ProcessStatus.OK; } return status.get(); }",
                            "return ProcessStatus.OK; } handle.release(); return status.get(); }")),
            WrongEngine.of(
                    "the Cleaner can never run",
                    "REL-08",
                    "CleanerTest#rel08_droppedChildren",
                    in(
                            "Reclaimer",
                            "life.cleanedBy(CLEANER.register(front, new Dropped(life)));",
                            "HELD.add(front); life.cleanedBy(CLEANER.register(front, new Dropped(life)));"),
                    in(
                            "Reclaimer",
                            "private Reclaimer() {}",
                            "private static final java.util.Queue<Object> HELD = new java.util.concurrent.ConcurrentLinkedQueue<>(); private Reclaimer() {}")),
            WrongEngine.of(
                    "a dropped child is only released",
                    "REL-08",
                    "CleanerTest#rel08_droppedChildren",
                    in(
                            "LifeCycle",
                            "Leaks.report(pid(), created); } close(); }",
                            "Leaks.report(pid(), created); } release(); }")),
            WrongEngine.of(
                    "a pending future counts as a leak",
                    "D13",
                    "CleanerTest#d13",
                    in("LifeCycle", "if (!termination.isWatched()) {", "if (created == created) {")),
            WrongEngine.of(
                    "the Cleaner waits for a child that lives",
                    "REL-10",
                    "CleanerTest#rel10_theCleaner",
                    in(
                            "LifeCycle",
                            "Leaks.report(pid(), created); } close(); }",
                            "Leaks.report(pid(), created); } var end = termination.onExit(null); close(); end.join(); }")),
            WrongEngine.of(
                    "a handle that would not close is closed again",
                    "REL-13",
                    "ReleaseTest#rel13",
                    in(
                            "LifeCycle",
                            "catch (RuntimeException | Error failure) { // REL-13",
                            "catch (RuntimeException | Error failure) { target.close(); // REL-13")),
            WrongEngine.of(
                    "an owner stays who gave its child up",
                    "REL-15",
                    "ReleaseTest#rel15",
                    in(
                            "LifeCycle",
                            "engine.owners().remove(target.pid(), claim); try { target.close();",
                            "try { target.close();")),
            WrongEngine.of(
                    "a wait that timed out keeps the handle of a released object",
                    "REL-01",
                    "IdleWatchTest#rel01",
                    in(
                            "LifeCycle",
                            "giveUpOwnReference(); termination.released(); return",
                            "giveUpOwnReference(); return")),
            // ---- starting, values
            WrongEngine.of(
                    "what the backend lacks is left to it",
                    "START-52",
                    "StartCheckTest#start52_whatTheBackend",
                    in("StartCheck", "return capabilities.contains(capability);", "return capability != null;")),
            WrongEngine.of(
                    "a NUL in an argument cuts it",
                    "START-06",
                    "StartCheckTest#start06",
                    in("StartCheck", "checkText(argv.get(i), \"argument\", i);", "checkRaw(argv.get(i));")),
            WrongEngine.of(
                    "what is refused is shown, secrets too",
                    "ERR-15",
                    "StartCheckTest#start06",
                    in(
                            "StartCheck",
                            ".detail(what + \" \" + place + \" holds NUL at index \"",
                            ".detail(what + \" \" + text + \" holds NUL at index \"")),
            WrongEngine.of(
                    "threads keep the JVM from ending",
                    "REL-14",
                    "WatcherTest#rel14",
                    in("EngineThreads", "thread.setDaemon(true);", "")),
            WrongEngine.of(
                    "the watcher sleeps while a callback blocks the others",
                    "WAIT-27",
                    "OnExitTest#ev02",
                    in("ExitDispatcher", "relief.wakeup();", "")),
            WrongEngine.of(
                    "the watcher never sleeps",
                    "WAIT-25",
                    "PromisesTest#wait25",
                    in(
                            "ExitDispatcher",
                            "if (getQueue().isEmpty()) { return -1; }",
                            "if (getQueue().isEmpty()) { return 0; }")),
            WrongEngine.of(
                    "what has ended is looked at for ever",
                    "WAIT-25",
                    "PromisesTest#wait25",
                    in("ExitWatcher", "polled.subList(kept, polled.size()).clear();", "")),
            WrongEngine.of(
                    "a stop does not wake who was stopped",
                    "SIG-23",
                    "StopTest#sig22",
                    in("StopLadder", "life.signal(Signal.CONT);", "life.signal(Signal.TERM);")),
            WrongEngine.of(
                    "files are refused that need no capability",
                    "START-52",
                    "StartCheckTest#start52",
                    in(
                            "StartCheck",
                            "if (!has(Capability.CLOSED_FILES) && files.size() < 3) {",
                            "if (!has(Capability.CLOSED_FILES)) {")),
            WrongEngine.of(
                    "a program without a name is started",
                    "START-15",
                    "StartCheckTest#start15",
                    in("StartCheck", "if (program.toString().isEmpty()) {", "if (program.toString().equals(\" \")) {")),
            WrongEngine.of(
                    "no arguments are no argv[0]",
                    "START-03",
                    "StartCheckTest#start03",
                    in(
                            "StartCheck",
                            "List<OsString> argv = arguments.isEmpty() ? List.of(program) : arguments;",
                            "List<OsString> argv = arguments;"),
                    in(
                            "StartCheck",
                            "if (!has(Capability.ARGV0) && !argv.get(0).equals(program)) {",
                            "if (!has(Capability.ARGV0) && !argv.isEmpty() && !argv.get(0).equals(program)) {")));
}
