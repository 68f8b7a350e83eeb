// SPDX-License-Identifier: Apache-2.0
/** The Windows backend: processes held by HANDLEs. Programs import nothing of it but {@code WindowsHandle} and {@code WindowsAttributes}. */
module dev.osprocess.windows {
    requires transitive dev.osprocess;
    requires static org.jspecify;
    requires com.sun.jna;

    exports dev.osprocess.windows;

    // JNA's direct mapping looks for the native methods by reflection.
    opens dev.osprocess.windows.internal to
            com.sun.jna;

    provides dev.osprocess.spi.ProcessBackend with
            dev.osprocess.windows.internal.WindowsBackend;
}
