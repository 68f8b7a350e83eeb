// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The binding: the JDK itself. */
class JavaCalls implements JdkCalls {
    @Override
    public Process start(ProcessBuilder prepared) throws IOException {
        return prepared.start();
    }

    @Override
    public Optional<ProcessHandle> of(long pid) {
        return ProcessHandle.of(pid);
    }

    @Override
    public ProcessHandle current() {
        return ProcessHandle.current();
    }

    @Override
    public byte[] read(String path) throws IOException {
        return Files.readAllBytes(Path.of(path));
    }

    @Override
    public String readLink(String path) throws IOException {
        return Files.readSymbolicLink(Path.of(path)).toString();
    }
}
