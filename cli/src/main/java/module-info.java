// SPDX-License-Identifier: Apache-2.0
/** The command line: a thin module over the public API. Exports nothing. */
module dev.osprocess.cli {
    requires dev.osprocess;
    requires dev.osprocess.tck;
    requires info.picocli;
    requires jdk.unsupported; // sun.misc.Signal, by reflection: see SignalForwarding

    opens dev.osprocess.cli to
            info.picocli;
}
