// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** Listens to what the library says while it is open. */
final class Said extends Handler implements AutoCloseable {
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    Said() {
        Lab.LOGGER.addHandler(this);
    }

    /** What was said that has this in its text. */
    List<LogRecord> about(String text) {
        return records.stream()
                .filter(said -> String.valueOf(said.getMessage()).contains(text))
                .toList();
    }

    @Override
    public void publish(LogRecord said) {
        records.add(said);
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        Lab.LOGGER.removeHandler(this);
    }
}
