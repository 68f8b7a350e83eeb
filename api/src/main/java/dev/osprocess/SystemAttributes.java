// SPDX-License-Identifier: Apache-2.0
package dev.osprocess;

/**
 * What one operating system alone can give a child at birth (Go's SysProcAttr). Each backend exports a type of its own;
 * a backend that is given one that it does not know refuses to start, naming both (START-52).
 */
public interface SystemAttributes {
    /** The name of the backend that these are for, as {@code osprocess backends} prints it. */
    String backend();
}
