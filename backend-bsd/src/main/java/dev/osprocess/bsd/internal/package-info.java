// SPDX-License-Identifier: Apache-2.0
/**
 * The rooms of the backend for the BSDs and macOS, from the door inwards: {@code BsdBackend} (provider), {@code BsdProbe},
 * the policy ({@code BsdStarter}, {@code BsdOpener}, the targets, {@code KqueueExitEvents}), the seam
 * ({@code BsdSyscalls}), the binding ({@code JnrSyscalls}), and the numbers: one {@code BsdProfile} per system.
 */
@NullMarked
package dev.osprocess.bsd.internal;

import org.jspecify.annotations.NullMarked;
