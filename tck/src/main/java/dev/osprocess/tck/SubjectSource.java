// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

/** A test class that says what its nested contracts are run against. */
public interface SubjectSource {
    /** Makes the subject; asked once per class. The kit closes it. */
    Subject subject();
}
