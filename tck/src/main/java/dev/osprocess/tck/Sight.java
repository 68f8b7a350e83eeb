// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

/** What the kit can look at on a platform, beside what Java shows everywhere. Declared by the {@link Subject}. */
public enum Sight {
    /** A process can list its open descriptors: {@code /proc/self/fd}, {@code /dev/fd}. */
    DESCRIPTORS("a process cannot list its descriptors"),
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
