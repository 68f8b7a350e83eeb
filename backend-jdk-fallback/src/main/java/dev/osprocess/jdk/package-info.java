// SPDX-License-Identifier: Apache-2.0
/**
 * {@code JdkBackend} and its probe; the starter and what it checks; the targets; exit events; and the seam,
 * {@code JdkCalls}, with its binding {@code JavaCalls}. The JDK reaps, and the JDK's words are never read: what it does
 * silently wrong is looked for before, refused, or declared as a missing capability (D14, ERR-10).
 */
@org.jspecify.annotations.NullMarked
package dev.osprocess.jdk;
