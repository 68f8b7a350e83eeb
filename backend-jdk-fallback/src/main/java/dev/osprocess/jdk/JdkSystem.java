// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

/** What the rooms of this backend share. */
record JdkSystem(JdkCalls calls, JdkHost host, ProcHints proc) {
    static JdkSystem over(JdkCalls calls, JdkHost host) {
        return new JdkSystem(calls, host, new ProcHints(calls, host));
    }
}
