// SPDX-License-Identifier: Apache-2.0
/**
 * The command line {@code osprocess}: one class per subcommand, and small helpers.
 *
 * <p>{@link dev.osprocess.cli.Main} loads the class of the subcommand that was asked for and no other, because start-up
 * is most of what a short command costs. For the same reason {@code run} is free of lambdas, streams and formatters on
 * its way to the child.
 */
@NullMarked
package dev.osprocess.cli;

import org.jspecify.annotations.NullMarked;
