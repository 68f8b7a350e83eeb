// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import java.nio.charset.StandardCharsets;

/**
 * A control group that a child is born in, held by a descriptor of its directory: a directory of the same name that
 * somebody makes later is another one.
 */
final class Cgroup {
    private static final int NONE = -1;
    private static final int EVENTS_SIZE = 4096;

    private final LinuxSyscalls calls;
    private final String name;
    private int directory = NONE;
    private int members = NONE;

    private Cgroup(LinuxSyscalls calls, String name) {
        this.calls = calls;
        this.name = name;
    }

    /**
     * Opens the group's directory, and its list of members for the child to write to.
     *
     * @param own whether the group must be empty
     */
    static Cgroup open(LinuxSyscalls calls, byte[] path, String name, boolean own) throws ProcessException {
        Cgroup cgroup = new Cgroup(calls, name);
        boolean complete = false;
        try {
            cgroup.directory = cgroup.open(path, name, BirthAbi.O_PATH);
            cgroup.checkKind();
            if (own) {
                cgroup.checkEmpty();
            }
            cgroup.members = cgroup.openFile("cgroup.procs", LinuxAbi.O_WRONLY);
            complete = true;
            return cgroup;
        } finally {
            if (!complete) {
                cgroup.close();
            }
        }
    }

    private int open(byte[] path, String shown, int flags) throws ProcessException {
        try {
            return calls.open(path, flags | LinuxAbi.O_CLOEXEC, 0);
        } catch (ErrnoException failed) {
            throw LinuxErrors.onFile("open", shown, failed, "");
        }
    }

    private int openFile(String file, int flags) throws ProcessException {
        String path = "/proc/self/fd/" + directory + "/" + file;
        return open(path.getBytes(StandardCharsets.US_ASCII), name + "/" + file, flags);
    }

    private void checkKind() throws ProcessException {
        try {
            if (calls.fileSystemType(directory) == BirthAbi.CGROUP2_SUPER_MAGIC) {
                return;
            }
        } catch (ErrnoException failed) {
            throw LinuxErrors.onFile("fstatfs", name, failed, "");
        }
        throw refused("it is not on a cgroup v2 file system");
    }

    private void checkEmpty() throws ProcessException {
        int events = openFile("cgroup.events", LinuxAbi.O_RDONLY);
        try {
            byte[] text = new byte[EVENTS_SIZE];
            int length = calls.read(events, text);
            if (!new String(text, 0, length, StandardCharsets.US_ASCII).contains("populated 0")) {
                throw refused("somebody is in it already, so it is not this child's own; use cgroup(…) to share it");
            }
        } catch (ErrnoException failed) {
            throw LinuxErrors.onFile("read", name + "/cgroup.events", failed, "");
        } finally {
            closed(events);
        }
    }

    private ProcessException refused(String why) {
        return ProcessException.builder(ErrorKind.INVALID, "control group")
                .path(name)
                .detail(why)
                .build();
    }

    /** The list of members, for the child's table. */
    int members() {
        return members;
    }

    /** Closes what only the birth needs. */
    void born() {
        members = closed(members);
    }

    /** Kills everybody in the group and below, also who is being forked just now (cgroup.kill, Linux 5.14). */
    void kill() throws ProcessException {
        int file = openFile("cgroup.kill", LinuxAbi.O_WRONLY);
        try {
            calls.write(file, new byte[] {'1'}, 0);
        } catch (ErrnoException failed) {
            throw LinuxErrors.onFile("write", name + "/cgroup.kill", failed, "");
        } finally {
            closed(file);
        }
    }

    void close() {
        members = closed(members);
        directory = closed(directory);
    }

    private int closed(int fd) {
        if (fd >= 0) {
            try {
                calls.close(fd);
            } catch (ErrnoException gone) {
                // close(2): gone in any case
            }
        }
        return NONE;
    }
}
