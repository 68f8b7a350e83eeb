// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The seam for scripted faults: overriding one method makes one. {@link Child} and {@link Handle} do the same below it. */
class ForwardingCalls extends JavaCalls {
    /** A child that can lie in one method. */
    static class Child extends Process {
        final Process real;

        Child(Process real) {
            this.real = real;
        }

        @Override
        public OutputStream getOutputStream() {
            return real.getOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return real.getInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return real.getErrorStream();
        }

        @Override
        public int waitFor() throws InterruptedException {
            return real.waitFor();
        }

        @Override
        public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
            return real.waitFor(timeout, unit);
        }

        @Override
        public int exitValue() {
            return real.exitValue();
        }

        @Override
        public boolean isAlive() {
            return real.isAlive();
        }

        @Override
        public void destroy() {
            throw new AssertionError("Process.destroy closes our ends of the pipes");
        }

        @Override
        public ProcessHandle toHandle() {
            return real.toHandle();
        }

        @Override
        public long pid() {
            return real.pid();
        }

        @Override
        public CompletableFuture<Process> onExit() {
            return real.onExit();
        }
    }

    /** A handle that can lie in one method. */
    static class Handle implements ProcessHandle {
        final ProcessHandle real;

        Handle(ProcessHandle real) {
            this.real = real;
        }

        @Override
        public long pid() {
            return real.pid();
        }

        @Override
        public Optional<ProcessHandle> parent() {
            return real.parent();
        }

        @Override
        public Stream<ProcessHandle> children() {
            return real.children();
        }

        @Override
        public Stream<ProcessHandle> descendants() {
            return real.descendants();
        }

        @Override
        public Info info() {
            return real.info();
        }

        @Override
        public CompletableFuture<ProcessHandle> onExit() {
            throw new AssertionError("ProcessHandle.onExit takes a thread for each");
        }

        @Override
        public boolean supportsNormalTermination() {
            return real.supportsNormalTermination();
        }

        @Override
        public boolean destroy() {
            return real.destroy();
        }

        @Override
        public boolean destroyForcibly() {
            return real.destroyForcibly();
        }

        @Override
        public boolean isAlive() {
            return real.isAlive();
        }

        @Override
        public int hashCode() {
            return real.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return real.equals(other);
        }

        @Override
        public int compareTo(ProcessHandle other) {
            return real.compareTo(other);
        }
    }

    /** What a handle tells, with another start instant; null for an unknown one. */
    record Info(@Nullable Instant start) implements ProcessHandle.Info {
        @Override
        public Optional<String> command() {
            return Optional.empty();
        }

        @Override
        public Optional<String> commandLine() {
            return Optional.empty();
        }

        @Override
        public Optional<String[]> arguments() {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> startInstant() {
            return Optional.ofNullable(start);
        }

        @Override
        public Optional<Duration> totalCpuDuration() {
            return Optional.empty();
        }

        @Override
        public Optional<String> user() {
            return Optional.empty();
        }
    }

    /** How many starts came this far. */
    int starts;

    @Override
    public Process start(ProcessBuilder prepared) throws IOException {
        starts++;
        return super.start(prepared);
    }
}
