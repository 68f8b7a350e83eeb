// SPDX-License-Identifier: Apache-2.0
/** The JDK fallback: java.lang.Process and ProcessHandle under the contract. Exports nothing: it has no handle to lend. */
module dev.osprocess.jdk {
    requires transitive dev.osprocess;
    requires static org.jspecify;

    provides dev.osprocess.spi.ProcessBackend with
            dev.osprocess.jdk.JdkBackend;
}
