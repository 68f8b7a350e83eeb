// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

/** {@code osprocess tck}: hands its words to the kit. A class of its own, so that no other command loads the kit. */
final class TckCommand {
    private TckCommand() {}

    static int run(String... words) {
        return dev.osprocess.tck.run.Main.run("osprocess tck", System.out, System.err, words);
    }
}
