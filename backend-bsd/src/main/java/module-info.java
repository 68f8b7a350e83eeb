// SPDX-License-Identifier: Apache-2.0
/**
 * The backend of FreeBSD, OpenBSD, NetBSD, DragonFly and macOS: processes held by their numbers. Programs import nothing
 * of it but {@code BsdAttributes}.
 */
module dev.osprocess.bsd {
    requires transitive dev.osprocess;
    requires static org.jspecify;
    requires org.jnrproject.jffi;
    requires org.jnrproject.posix;
    // jnr-posix makes classes with it; automatic modules cannot ask for a module that has a descriptor
    requires org.objectweb.asm;

    exports dev.osprocess.bsd;

    provides dev.osprocess.spi.ProcessBackend with
            dev.osprocess.bsd.internal.BsdBackend;
}
