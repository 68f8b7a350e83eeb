// SPDX-License-Identifier: Apache-2.0
/**
 * The process that tests start: a Java program on the JVM under test, driven over a loopback socket, never over the
 * descriptors that are under test.
 */
@NullMarked
package dev.osprocess.tck.child;

import org.jspecify.annotations.NullMarked;
