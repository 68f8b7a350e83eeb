// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.jdk;

import dev.osprocess.ChildFile;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.UnsupportedFeatureException;
import dev.osprocess.spi.Capability;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns the child's table into redirections: three places, and each stream in its own direction only. */
final class Redirects {
    private final JdkHost host;
    private final TextCheck text;

    Redirects(JdkHost host, TextCheck text) {
        this.host = host;
        this.text = text;
    }

    /** Sets all three; the JDK's own default would be a pipe that nobody reads. */
    void apply(ProcessBuilder builder, @Nullable List<ChildFile> files) {
        if (files == null) {
            builder.inheritIO();
            return;
        }
        builder.redirectInput(input(files.get(0)));
        builder.redirectOutput(output(files.get(1), 1));
        builder.redirectError(output(files.get(2), 2));
    }

    private Redirect input(ChildFile file) {
        return switch (file.kind()) {
            case INHERIT -> sameStream(file, 0);
            case NULL_DEVICE -> Redirect.from(host.nullDevice());
            case READ -> Redirect.from(fileOf(file));
            case PIPE, PIPE_TO_CHILD -> Redirect.PIPE;
            default -> throw misplaced(file, 0);
        };
    }

    private Redirect output(ChildFile file, int place) {
        return switch (file.kind()) {
            case INHERIT -> sameStream(file, place);
            case NULL_DEVICE -> Redirect.DISCARD;
            case WRITE -> Redirect.to(fileOf(file));
            case APPEND -> Redirect.appendTo(fileOf(file));
            case PIPE, PIPE_FROM_CHILD -> Redirect.PIPE;
            default -> throw misplaced(file, place);
        };
    }

    private Redirect sameStream(ChildFile file, int place) {
        if (file.number() != place) {
            throw misplaced(file, place);
        }
        return Redirect.INHERIT;
    }

    private UnsupportedFeatureException misplaced(ChildFile file, int place) {
        return new UnsupportedFeatureException(
                file.kind().toString().toLowerCase(Locale.ROOT).replace('_', ' ')
                        + (file.number() >= 0 ? " " + file.number() : "") + " at place " + place + " of the files",
                JdkBackend.NAME,
                host.remedy("place 0 is read, 1 and 2 are written, and each inherits its own stream alone"));
    }

    private File fileOf(ChildFile file) {
        Path path = pathOf(file);
        if (OsString.of(path).text() == null) {
            throw new UnsupportedFeatureException(
                    Capability.RAW_BYTES.description(), JdkBackend.NAME, host.remedy("use text", Capability.RAW_BYTES));
        }
        text.check(path.toString(), "path");
        try {
            return path.toFile();
        } catch (UnsupportedOperationException notOfTheSystem) {
            throw new IllegalArgumentException(
                    "path " + path + ": it is not of the default file system, so no child can open it", notOfTheSystem);
        }
    }

    private static Path pathOf(ChildFile file) {
        Path path = file.path();
        if (path == null) {
            throw new AssertionError("internal error: " + file + " without a path");
        }
        return path;
    }

    /** After a failed start: which of the files cannot be opened; null if each can. */
    @Nullable
    ProcessException objection(@Nullable List<ChildFile> files) {
        if (files != null) {
            for (ChildFile file : files) {
                ProcessException objection = objection(file);
                if (objection != null) {
                    return objection;
                }
            }
        }
        return null;
    }

    private @Nullable ProcessException objection(ChildFile file) {
        if (file.path() != null && Files.exists(pathOf(file)) && !isFileOrDirectory(pathOf(file))) {
            return null; // opening a fifo once more could wait for ever
        }
        try {
            switch (file.kind()) {
                case READ -> Files.newInputStream(pathOf(file)).close();
                case WRITE, APPEND ->
                    Files.newOutputStream(pathOf(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                            .close();
                default -> {}
            }
            return null;
        } catch (IOException failed) {
            return JdkErrors.onFile("open", pathOf(file).toString(), pathOf(file), failed);
        }
    }

    private static boolean isFileOrDirectory(Path path) {
        return Files.isRegularFile(path) || Files.isDirectory(path);
    }
}
