// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.internal;

import dev.osprocess.ChildFile;
import dev.osprocess.OsString;
import dev.osprocess.spi.ChildEnvironment;
import dev.osprocess.spi.StartRequest;
import dev.osprocess.spi.unix.ParentEnds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The parts that tests over the scripted seam are made of. */
final class Scripts {
    private Scripts() {}

    static LinuxSystem system(ScriptedSyscalls calls, ScriptedProcFiles files) {
        return new LinuxSystem(calls, new ProcFs(files, ScriptedProcFiles.SELF), true, true, true);
    }

    static LinuxSystem byNumber(ScriptedSyscalls calls, ScriptedProcFiles files) {
        return new LinuxSystem(calls, new ProcFs(files, ScriptedProcFiles.SELF), false, true, true);
    }

    static OwnPidfdTarget ownByPidfd(ScriptedSyscalls calls, FakeProcess process) {
        return new OwnPidfdTarget(
                system(calls, ScriptedProcFiles.ours()), process.pid, calls.pidfdOf(process), ParentEnds.NONE, false);
    }

    static OwnNumberTarget ownByNumber(ScriptedSyscalls calls, FakeProcess process) {
        return new OwnNumberTarget(byNumber(calls, ScriptedProcFiles.ours()), process.pid, ParentEnds.NONE, false);
    }

    static StartRequest request(String program, String... arguments) {
        return request(program, null, null, List.of(arguments));
    }

    static StartRequest inDirectory(String program, String directory) {
        return request(program, directory, null, List.of());
    }

    static StartRequest withFiles(String program, List<ChildFile> files) {
        return request(program, null, files, List.of());
    }

    static StartRequest request(
            String program, @Nullable String directory, @Nullable List<ChildFile> files, List<String> arguments) {
        List<OsString> argv = new ArrayList<>();
        argv.add(OsString.of(program));
        for (String argument : arguments) {
            argv.add(OsString.of(argument));
        }
        return new StartRequest(
                OsString.of(program),
                argv,
                directory == null ? null : OsString.of(directory),
                ChildEnvironment.exactly(List.of(OsString.of("SECRET=xyzzy"))),
                files,
                null);
    }

    static String message(Throwable failure) {
        return Objects.requireNonNull(failure.getMessage());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
