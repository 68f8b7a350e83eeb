// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessIdentity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * When a process began, in microseconds since 1970 by the system's clock: what tells two bearers of a number apart (ID-13,
 * D16). What cannot be read, or does not look as it should, is unknown, and unknown is no difference.
 */
final class StartTimes {
    static final long UNKNOWN = -1;

    /** More than struct kinfo_proc of any of these systems: a buffer that is too small would be an error. */
    private static final int BUFFER = 4096;

    private static final long MICROS = 1_000_000;

    private StartTimes() {}

    /** The start time of whoever has this number now. */
    static long of(BsdSystem system, int pid) {
        return of(system.calls(), system.profile(), pid);
    }

    static long of(BsdSyscalls calls, BsdProfile profile, int pid) {
        BsdProfile.StartLayout layout = profile.start;
        if (layout == null) {
            return UNKNOWN;
        }
        byte[] buffer = new byte[profile.has(BsdTrait.PROC_PIDINFO) ? layout.size() : BUFFER];
        int length;
        try {
            length = profile.has(BsdTrait.PROC_PIDINFO)
                    ? calls.procPidInfo(pid, layout.path().get(0), buffer)
                    : calls.sysctl(path(profile, layout, pid), buffer);
        } catch (ErrnoException unreadable) {
            return UNKNOWN; // gone, a zombie, or not to be seen by this user
        }
        ByteBuffer process = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
        if (length < layout.microsAt() + Integer.BYTES || process.getInt(layout.pidAt()) != pid) {
            return UNKNOWN; // not the structure that we know
        }
        long seconds = layout.secondsSize() == Long.BYTES
                ? process.getLong(layout.secondsAt())
                : process.getInt(layout.secondsAt()) & 0xFFFF_FFFFL;
        int micros = process.getInt(layout.microsAt());
        return seconds <= 0 || micros < 0 || micros >= MICROS ? UNKNOWN : seconds * MICROS + micros;
    }

    private static int[] path(BsdProfile profile, BsdProfile.StartLayout layout, int pid) {
        int prefix = layout.path().size();
        int[] path = new int[prefix + (profile.has(BsdTrait.SIZED_SYSCTL) ? 3 : 1)];
        for (int i = 0; i < prefix; i++) {
            path[i] = layout.path().get(i);
        }
        path[prefix] = pid;
        if (profile.has(BsdTrait.SIZED_SYSCTL)) {
            path[prefix + 1] = layout.size(); // no more than we read, whatever the size of the whole is there
            path[prefix + 2] = 1;
        }
        return path;
    }

    /** The identity of a process that began then. */
    static ProcessIdentity identity(BsdSystem system, int pid, long start) throws ProcessException {
        if (start == UNKNOWN) {
            throw ProcessException.builder(ErrorKind.UNSUPPORTED, "identity")
                    .pid(pid)
                    .detail("its start time cannot be read: it has ended, or is another user's")
                    .build();
        }
        String text = start / MICROS + "." + String.format(java.util.Locale.ROOT, "%06d", start % MICROS);
        return ProcessIdentity.of(system.profile().system, pid, Map.of("start", text));
    }
}
