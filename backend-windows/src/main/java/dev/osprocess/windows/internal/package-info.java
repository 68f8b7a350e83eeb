// SPDX-License-Identifier: Apache-2.0
/**
 * The Windows backend. Policy ({@code WindowsStarter}, {@code WindowsOpener}, the targets) stands over one seam,
 * {@code WindowsSyscalls}, with one method per Win32 function; {@code JnaSyscalls} binds it; {@code WindowsAbi} has the
 * numbers. What needs no system (command lines, environment blocks, names) is pure and tested on every host.
 */
@NullMarked
package dev.osprocess.windows.internal;

import org.jspecify.annotations.NullMarked;
