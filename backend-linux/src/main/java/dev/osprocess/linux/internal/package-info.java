// SPDX-License-Identifier: Apache-2.0
/**
 * The Linux backend's rooms, from the door inwards: {@code LinuxBackend} (provider), {@code LinuxProbe}, the policy
 * ({@code LinuxStarter}, the targets, {@code EpollExitEvents}), the seam ({@code LinuxSyscalls}), the binding
 * ({@code JffiSyscalls}), and the numbers ({@code LinuxAbi}, {@code Errno}, {@code LinuxSignals}).
 */
@NullMarked
package dev.osprocess.linux.internal;

import org.jspecify.annotations.NullMarked;
