// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

/** What the kit can look at on a platform, beside what Java shows everywhere. Declared by the {@link Subject}. */
public enum Sight {
    /**
     * A process can count what it has open: {@code /proc/self/fd}, {@code /dev/fd}; on Windows its handles, if the kit has
     * JNA there.
     */
    DESCRIPTORS("a process cannot count its descriptors"),
    /** It can be seen which process a handle holds, and what a child was given: in {@code /proc}; on Windows by JNA. */
    HANDLES("there is neither a /proc of Linux's kind nor JNA on Windows"),
    /** Arguments, environment, signal masks and states of processes can be read in Linux's {@code /proc}. */
    PROC("there is no /proc of Linux's kind"),
    /** Signals end processes and can be caught by them. */
    SIGNALS("there are no signals");

    private final String absence;

    Sight(String absence) {
        this.absence = absence;
    }

    /** What is so where it is missing. */
    public String absence() {
        return absence;
    }
}
