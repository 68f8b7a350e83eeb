// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux;

import dev.osprocess.OsString;
import dev.osprocess.Signal;
import dev.osprocess.SystemAttributes;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a Linux child can be given at birth beside the attributes of every system. All of it is in place before the new
 * program runs, and so before start returns (START-32); what the system refuses fails the start with the step that it
 * refused, and nothing runs.
 *
 * <p>Session and process group cost nothing. Everything else is set by a helper that the child executes through: about
 * half a millisecond more, with the fixed order of docs/attributes.md (START-37). Nothing of this process is changed at any
 * time.
 */
public final class LinuxAttributes implements SystemAttributes {
    private static final int NO_GROUP = -1;
    private static final int NO_PLACE = -1;
    private static final int LOWEST_NICE = -20;
    private static final int HIGHEST_NICE = 19;
    private static final int MOST_PRIORITY = 99;
    private static final int MOST_CPUS = 8192;
    private static final int ALL_MODES = 0777;

    private final boolean newSession;
    private final int processGroup;
    private final int controllingTerminal;
    private final int foreground;
    private final boolean detachedTerminal;
    private final @Nullable LinuxCredentials credentials;
    private final @Nullable OsString root;
    private final @Nullable Signal parentDeathSignal;
    private final Set<LinuxNamespace> namespaces;
    private final Set<LinuxCapability> ambientCapabilities;
    private final boolean noNewPrivileges;
    private final @Nullable OsString cgroup;
    private final boolean ownCgroup;
    private final @Nullable Integer nice;
    private final @Nullable LinuxScheduling scheduling;
    private final int priority;
    private final Set<Integer> cpus;
    private final Map<LinuxResource, Limit> limits;
    private final @Nullable Integer umask;

    private LinuxAttributes(Builder builder) {
        newSession = builder.newSession;
        processGroup = builder.processGroup == NO_GROUP && builder.foreground != NO_PLACE ? 0 : builder.processGroup;
        controllingTerminal = builder.controllingTerminal;
        foreground = builder.foreground;
        detachedTerminal = builder.detachedTerminal;
        credentials = builder.credentials;
        root = builder.root;
        parentDeathSignal = builder.parentDeathSignal;
        namespaces = Collections.unmodifiableSet(EnumSet.copyOf(builder.namespaces));
        ambientCapabilities = Collections.unmodifiableSet(EnumSet.copyOf(builder.ambientCapabilities));
        noNewPrivileges = builder.noNewPrivileges;
        cgroup = builder.cgroup;
        ownCgroup = builder.ownCgroup;
        nice = builder.nice;
        scheduling = builder.scheduling;
        priority = builder.priority;
        cpus = Collections.unmodifiableSet(new TreeSet<>(builder.cpus));
        limits = Collections.unmodifiableMap(new EnumMap<>(builder.limits));
        umask = builder.umask;
    }

    /** Begins with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String backend() {
        return "linux";
    }

    /**
     * The limits of one resource.
     *
     * @param soft what the system enforces
     * @param hard up to where the child may raise the soft one itself
     */
    public record Limit(long soft, long hard) {}

    /** Whether the child leads a session of its own. */
    public boolean isNewSession() {
        return newSession;
    }

    /** The process group that the child joins: 0 for one of its own, −1 for this process's. */
    public int processGroup() {
        return processGroup;
    }

    /** Whether the child leads a process group of its own. */
    public boolean leadsGroup() {
        return newSession || processGroup == 0;
    }

    /** The child's descriptor that becomes its controlling terminal. */
    public OptionalInt controllingTerminal() {
        return place(controllingTerminal);
    }

    /** The child's descriptor of the terminal in whose foreground its group is put. */
    public OptionalInt foreground() {
        return place(foreground);
    }

    private static OptionalInt place(int place) {
        return place == NO_PLACE ? OptionalInt.empty() : OptionalInt.of(place);
    }

    /** Whether the child gives up its controlling terminal. */
    public boolean isTerminalDetached() {
        return detachedTerminal;
    }

    /** As whom the child runs, if not as this process. */
    public Optional<LinuxCredentials> credentials() {
        return Optional.ofNullable(credentials);
    }

    /** The child's root directory, if not this process's. */
    public Optional<OsString> root() {
        return Optional.ofNullable(root);
    }

    /** The signal that the child gets when this process ends. */
    public Optional<Signal> parentDeathSignal() {
        return Optional.ofNullable(parentDeathSignal);
    }

    /** The namespaces that the child gets for itself. */
    public Set<LinuxNamespace> namespaces() {
        return namespaces;
    }

    /** The capabilities that the child has without being root. */
    public Set<LinuxCapability> ambientCapabilities() {
        return ambientCapabilities;
    }

    /** Whether the child can gain no privileges by executing programs. */
    public boolean isNoNewPrivileges() {
        return noNewPrivileges;
    }

    /** The directory of the control group that the program begins in. */
    public Optional<OsString> cgroup() {
        return Optional.ofNullable(cgroup);
    }

    /** Whether that control group is the child's own. */
    public boolean hasOwnCgroup() {
        return ownCgroup;
    }

    /** The child's nice value, if it is set. */
    public OptionalInt nice() {
        return nice == null ? OptionalInt.empty() : OptionalInt.of(nice);
    }

    /** The child's scheduling policy, if it is set. */
    public Optional<LinuxScheduling> scheduling() {
        return Optional.ofNullable(scheduling);
    }

    /** The priority under a real-time policy; 0 otherwise. */
    public int priority() {
        return priority;
    }

    /** The processors that the child may use; empty for all that the starting thread may. */
    public Set<Integer> cpus() {
        return cpus;
    }

    /** The resource limits that are set. */
    public Map<LinuxResource, Limit> limits() {
        return limits;
    }

    /** The child's file mode creation mask, if it is set. */
    public OptionalInt umask() {
        return umask == null ? OptionalInt.empty() : OptionalInt.of(umask);
    }

    /** Whether anything is set that posix_spawn(3) cannot do. */
    public boolean needsHelper() {
        return controllingTerminal != NO_PLACE
                || foreground != NO_PLACE
                || detachedTerminal
                || credentials != null
                || root != null
                || parentDeathSignal != null
                || !namespaces.isEmpty()
                || !ambientCapabilities.isEmpty()
                || noNewPrivileges
                || cgroup != null
                || nice != null
                || scheduling != null
                || !cpus.isEmpty()
                || !limits.isEmpty()
                || umask != null;
    }

    /** Collects {@link LinuxAttributes}. Each method replaces what an earlier call of it set. */
    public static final class Builder {
        private boolean newSession;
        private int processGroup = NO_GROUP;
        private int controllingTerminal = NO_PLACE;
        private int foreground = NO_PLACE;
        private boolean detachedTerminal;
        private @Nullable LinuxCredentials credentials;
        private @Nullable OsString root;
        private @Nullable Signal parentDeathSignal;
        private Set<LinuxNamespace> namespaces = EnumSet.noneOf(LinuxNamespace.class);
        private Set<LinuxCapability> ambientCapabilities = EnumSet.noneOf(LinuxCapability.class);
        private boolean noNewPrivileges;
        private @Nullable OsString cgroup;
        private boolean ownCgroup;
        private @Nullable Integer nice;
        private @Nullable LinuxScheduling scheduling;
        private int priority;
        private Set<Integer> cpus = Set.of();
        private final Map<LinuxResource, Limit> limits = new EnumMap<>(LinuxResource.class);
        private @Nullable Integer umask;

        private Builder() {}

        /** The child leads a new session, and so a new process group, without a controlling terminal (setsid(2), START-31). */
        public Builder newSession() {
            this.newSession = true;
            return this;
        }

        /** The child leads a new process group (setpgid(2), START-32). */
        public Builder newProcessGroup() {
            this.processGroup = 0;
            return this;
        }

        /**
         * The child joins this process group of the session.
         *
         * @throws IllegalArgumentException if the group is 0 or negative
         */
        public Builder joinProcessGroup(int group) {
            if (group <= 0) {
                throw new IllegalArgumentException(
                        "process group " + group + ": must be 1 or more; use newProcessGroup() for one of its own");
            }
            this.processGroup = group;
            return this;
        }

        /**
         * This descriptor <em>of the child</em>, a terminal, becomes the controlling terminal of its new session (START-33).
         * Needs {@link #newSession()}. Give the terminal with {@code ChildFile.descriptor(n)} at this place of the table.
         *
         * @throws IllegalArgumentException if the place is negative
         */
        public Builder controllingTerminal(int place) {
            this.controllingTerminal = checkedPlace(place);
            return this;
        }

        /**
         * The child's process group is put into the foreground of the terminal at this descriptor <em>of the child</em>, which
         * must be the controlling terminal of this process's session (tcsetpgrp(3)). The group is one of its own unless one to
         * join is given. Nobody puts this process's group back afterwards.
         *
         * @throws IllegalArgumentException if the place is negative
         */
        public Builder foreground(int place) {
            this.foreground = checkedPlace(place);
            return this;
        }

        private static int checkedPlace(int place) {
            if (place < 0) {
                throw new IllegalArgumentException("place " + place + " of the child's table: must be 0 or more");
            }
            return place;
        }

        /** The child has no controlling terminal, and stays in the session (START-34). */
        public Builder detachTerminal() {
            this.detachedTerminal = true;
            return this;
        }

        /**
         * The child runs as somebody else (START-35): supplementary groups are set first, then the group, then the user; if one
         * is refused the start fails. Its directory is entered afterwards, with the new rights. No thread of this process ever
         * has these credentials.
         */
        public Builder credentials(LinuxCredentials value) {
            this.credentials = Objects.requireNonNull(value, "credentials");
            return this;
        }

        /**
         * The child's root directory (chroot(2), START-36). Its working directory and its program are looked up inside; without
         * a working directory it begins in the new root.
         */
        public Builder root(Path directory) {
            return root(OsString.of(directory));
        }

        /** The same for a directory whose name no Java string can say. */
        public Builder root(OsString directory) {
            this.root = named("root", directory);
            return this;
        }

        private static OsString named(String what, OsString directory) {
            if (directory.toString().isEmpty()) {
                throw new IllegalArgumentException("the name of the " + what + " is empty");
            }
            if (directory.indexOfNul() >= 0) {
                throw new IllegalArgumentException("the name of the " + what + " holds NUL, which would cut it off");
            }
            return directory;
        }

        /**
         * The child gets this signal when this JVM ends, however it ends (START-38). It is started from a thread of the library
         * that lives as long as the JVM, because the system sends the signal when the starting <em>thread</em> ends; so it has
         * the state of that thread (affinity, nice value), not of the caller's. If this JVM has ended already when the child
         * arms it, the program does not begin. The system forgets it when the child executes a set-user-id program or one with
         * capabilities, or changes its credentials; the child's own children do not have it.
         */
        public Builder parentDeathSignal(Signal signal) {
            if (signal.equals(Signal.of(0))) {
                throw new IllegalArgumentException("signal 0 tells nobody anything");
            }
            this.parentDeathSignal = signal;
            return this;
        }

        /** The child is killed when this JVM ends: {@code parentDeathSignal(Signal.KILL)}. */
        public Builder killOnParentExit() {
            return parentDeathSignal(Signal.KILL);
        }

        /** The child gets namespaces of its own (unshare(2)). */
        public Builder unshare(LinuxNamespace... kinds) {
            Set<LinuxNamespace> all = EnumSet.noneOf(LinuxNamespace.class);
            Collections.addAll(all, kinds);
            this.namespaces = all;
            return this;
        }

        /**
         * The child has these capabilities whoever it runs as, and so has what it executes (ambient capabilities,
         * capabilities(7)). This process must have them.
         */
        public Builder ambientCapabilities(LinuxCapability... capabilities) {
            Set<LinuxCapability> all = EnumSet.noneOf(LinuxCapability.class);
            Collections.addAll(all, capabilities);
            this.ambientCapabilities = all;
            return this;
        }

        /** The child and its descendants gain no privileges by executing set-user-id programs (PR_SET_NO_NEW_PRIVS). */
        public Builder noNewPrivileges() {
            this.noNewPrivileges = true;
            return this;
        }

        /**
         * The program begins in this control group (START-47): a directory of a cgroup v2 file system. The child enters it
         * before it executes the program, so no instruction of the program runs outside.
         */
        public Builder cgroup(Path directory) {
            this.cgroup = named("control group", OsString.of(directory));
            this.ownCgroup = false;
            return this;
        }

        /**
         * The same with a control group that is this child's own: it must be empty, and whoever is in it later belongs to the
         * child. {@code killTree()} kills everybody in it and below (cgroup.kill, Linux 5.14), also those that were handed to
         * another parent. The directory is the caller's, to make and to remove.
         */
        public Builder ownCgroup(Path directory) {
            cgroup(directory);
            this.ownCgroup = true;
            return this;
        }

        /**
         * The child's nice value (setpriority(2)): −20 is served first, 19 last.
         *
         * @throws IllegalArgumentException if it is out of this range
         */
        public Builder nice(int value) {
            if (value < LOWEST_NICE || value > HIGHEST_NICE) {
                throw new IllegalArgumentException("nice value " + value + ": must be −20 to 19");
            }
            this.nice = value;
            return this;
        }

        /**
         * The child's scheduling policy, without a priority.
         *
         * @throws IllegalArgumentException if the policy is a real-time one, which needs a priority
         */
        public Builder scheduling(LinuxScheduling policy) {
            return scheduling(policy, 0);
        }

        /**
         * The child's scheduling policy (sched_setscheduler(2)).
         *
         * @param ofRealTime 1 to 99 for a real-time policy, else 0
         * @throws IllegalArgumentException if the priority does not fit the policy
         */
        public Builder scheduling(LinuxScheduling policy, int ofRealTime) {
            int lowest = policy.isRealTime() ? 1 : 0;
            int highest = policy.isRealTime() ? MOST_PRIORITY : 0;
            if (ofRealTime < lowest || ofRealTime > highest) {
                throw new IllegalArgumentException(
                        "priority " + ofRealTime + " with " + policy + ": must be " + lowest + " to " + highest);
            }
            this.scheduling = policy;
            this.priority = ofRealTime;
            return this;
        }

        /**
         * The processors that the child may use (sched_setaffinity(2)), numbered from 0.
         *
         * @throws IllegalArgumentException if none is given, or one is out of range
         */
        public Builder cpus(int... numbers) {
            if (numbers.length == 0) {
                throw new IllegalArgumentException("no processor: a child needs one at least");
            }
            Set<Integer> all = new TreeSet<>();
            for (int number : numbers) {
                if (number < 0 || number >= MOST_CPUS) {
                    throw new IllegalArgumentException("processor " + number + ": must be 0 to " + (MOST_CPUS - 1));
                }
                all.add(number);
            }
            this.cpus = all;
            return this;
        }

        /** Both limits of a resource (setrlimit(2)), {@link LinuxResource#UNLIMITED} for none. */
        public Builder limit(LinuxResource resource, long both) {
            return limit(resource, both, both);
        }

        /**
         * The limits of a resource (setrlimit(2)). They hold from before the credentials change.
         *
         * @param soft what the system enforces, {@link LinuxResource#UNLIMITED} for none
         * @param hard up to where the child may raise it, {@link LinuxResource#UNLIMITED} for none
         * @throws IllegalArgumentException if one is negative, or the soft one is above the hard one
         */
        public Builder limit(LinuxResource resource, long soft, long hard) {
            if (soft < LinuxResource.UNLIMITED || hard < LinuxResource.UNLIMITED) {
                throw new IllegalArgumentException(
                        resource + ": a limit must be 0 or more, or LinuxResource.UNLIMITED");
            }
            if (Long.compareUnsigned(soft, hard) > 0) {
                throw new IllegalArgumentException(
                        resource + ": the soft limit " + soft + " must not be above the hard limit " + hard);
            }
            this.limits.put(resource, new Limit(soft, hard));
            return this;
        }

        /**
         * The child's file mode creation mask (umask(2)), for instance {@code 077}.
         *
         * @throws IllegalArgumentException if it is not 0 to 0777
         */
        public Builder umask(int mask) {
            if (mask < 0 || mask > ALL_MODES) {
                throw new IllegalArgumentException(
                        "umask 0" + Integer.toOctalString(mask) + ": must be 0 to 0777, in octal");
            }
            this.umask = mask;
            return this;
        }

        /**
         * The attributes.
         *
         * @throws IllegalStateException if what was asked for cannot go together (START-31, START-33)
         */
        public LinuxAttributes build() {
            if (newSession && processGroup > 0) {
                throw new IllegalStateException("newSession() and joinProcessGroup(" + processGroup
                        + ") exclude each other: a session leader leads its own group");
            }
            checkTerminal();
            if (scheduling != null && scheduling.isRealTime() && nice != null) {
                throw new IllegalStateException(
                        "nice(" + nice + ") and " + scheduling + " exclude each other: real time has no nice value");
            }
            return new LinuxAttributes(this);
        }

        private void checkTerminal() {
            if (controllingTerminal != NO_PLACE && foreground != NO_PLACE) {
                throw new IllegalStateException(
                        "controllingTerminal and foreground exclude each other: the terminal of a"
                                + " new session, or that of this one");
            }
            if (controllingTerminal != NO_PLACE && !newSession) {
                throw new IllegalStateException(
                        "controllingTerminal needs newSession(): only the leader of a session can take a terminal");
            }
            if (foreground != NO_PLACE && newSession) {
                throw new IllegalStateException(
                        "foreground and newSession() exclude each other: a new session has no terminal yet; use"
                                + " controllingTerminal");
            }
            if (detachedTerminal && (controllingTerminal != NO_PLACE || foreground != NO_PLACE)) {
                throw new IllegalStateException(
                        "detachTerminal() excludes controllingTerminal and foreground: it has none, or it has one");
            }
        }
    }
}
