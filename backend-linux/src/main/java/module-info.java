// SPDX-License-Identifier: Apache-2.0
/** The Linux backend: processes held by pidfds. Programs import nothing of it but {@code Pidfd} and {@code LinuxAttributes}. */
module dev.osprocess.linux {
    requires transitive dev.osprocess;
    requires static org.jspecify;
    requires org.jnrproject.jffi;

    exports dev.osprocess.linux;

    provides dev.osprocess.spi.ProcessBackend with
            dev.osprocess.linux.internal.LinuxBackend;
}
