// SPDX-License-Identifier: Apache-2.0
/** The contract of osprocess: what users import, what backends implement, and the engine between the two. */
module dev.osprocess {
    requires static transitive org.jspecify;

    exports dev.osprocess;
    exports dev.osprocess.raw;
    exports dev.osprocess.spi;
    exports dev.osprocess.spi.unix;
    exports dev.osprocess.engine to
            dev.osprocess.tck;

    uses dev.osprocess.spi.ProcessBackend;
}
