// SPDX-License-Identifier: Apache-2.0
/** The conformance kit of osprocess: the rules as tests for any backend, and doubles to prove the engine with. */
module dev.osprocess.tck {
    requires transitive dev.osprocess;
    requires static transitive org.jspecify;
    requires transitive org.junit.jupiter.api;
    requires java.logging;
    requires java.management;
    requires org.junit.jupiter.params;
    requires org.junit.platform.launcher;

    exports dev.osprocess.tck;
    exports dev.osprocess.tck.child;
    exports dev.osprocess.tck.contract;
    exports dev.osprocess.tck.run;
    exports dev.osprocess.tck.scripted;

    // JUnit makes the tests.
    opens dev.osprocess.tck.contract;
    opens dev.osprocess.tck.engine;
    opens dev.osprocess.tck.fixture;
    opens dev.osprocess.tck.run;

    uses dev.osprocess.spi.ProcessBackend;
}
