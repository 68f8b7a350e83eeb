// SPDX-License-Identifier: Apache-2.0
/** The conformance kit of osprocess: rules, and doubles to prove them with. */
module dev.osprocess.tck {
    requires transitive dev.osprocess;
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;

    exports dev.osprocess.tck;
    exports dev.osprocess.tck.scripted;
}
