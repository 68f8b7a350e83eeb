// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The profiles under test: the five systems', and one of Linux, on which the same logic runs for real. */
final class Profiles {
    /** Every system, by the name of its file of facts. */
    static final Map<String, BsdProfile> SYSTEMS = Map.of(
            "freebsd", FreeBsdProfile.PROFILE,
            "dragonfly", DragonFlyProfile.PROFILE,
            "openbsd", OpenBsdProfile.PROFILE,
            "netbsd", NetBsdProfile.PROFILE,
            "macos", MacOsProfile.PROFILE);

    private static final Set<String> NOT_ON_LINUX = Set.of("SIGEMT", "SIGINFO");

    /** Words of {@link KqueueOnLinux}, which are FreeBSD's. */
    private static final Set<String> OF_KQUEUE =
            Set.of("EVFILT_PROC", "EVFILT_READ", "EV_ADD", "EV_DELETE", "NOTE_EXIT");

    private Profiles() {}

    static List<BsdProfile> all() {
        return List.copyOf(SYSTEMS.values());
    }

    /**
     * Linux in the form of a BSD: the numbers are those of the facts, and the keys those of FreeBSD's table. What Linux has
     * not, kqueue and start times by sysctl(2), comes from {@link LinuxSeam}, in numbers and a layout of its own.
     */
    static BsdProfile linux() {
        Facts facts = Facts.of("linux");
        BsdTable table = BsdTable.of("Linux", "linux");
        Map<String, Long> ofFreeBsd = FreeBsdProfile.PROFILE.numbers();
        for (String key : ofFreeBsd.keySet()) {
            boolean process = key.startsWith("process.") || key.startsWith("CTL_") || key.startsWith("KERN_");
            boolean realTime = key.startsWith("SIGRT");
            if (OF_KQUEUE.contains(key) || key.contains("kevent")) {
                table.number(key, Objects.requireNonNull(ofFreeBsd.get(key)));
            } else if (!NOT_ON_LINUX.contains(key) && !process && !realTime) {
                table.number(key, facts.value(key));
            }
        }
        table.number("POSIX_SPAWN_SETSID", facts.value("POSIX_SPAWN_SETSID"));
        table.number("SIGPWR", facts.value("SIGPWR"));
        table.number("SIGSTKFLT", facts.value("SIGSTKFLT"));
        return LinuxSeam.withStartLayout(table).profile();
    }
}
