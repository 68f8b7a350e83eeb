// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.attributes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.Liveness;
import dev.osprocess.OsProcess;
import dev.osprocess.linux.ChildJvm;
import dev.osprocess.linux.RealProcesses;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Children that end with the JVM that started them, and not before (START-38). */
final class ParentDeathTest extends RealProcesses {
    private static final int CHILDREN = 4;

    @ParameterizedTest
    @ValueSource(strings = {"killed", "exits"})
    void start38_childrenEndWithTheJvmAndNotWithTheThreadsThatStartedThem(String how) throws Exception {
        Process jvm = new ProcessBuilder(ChildJvm.command(List.of(), ShortLivedStarters.class, how))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<OsProcess> children = new ArrayList<>();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < CHILDREN; i++) {
                children.add(descendant(Long.parseLong(said.readLine())));
            }
            assertEquals("threads are gone", said.readLine());
            for (OsProcess child : children) {
                assertEquals(Liveness.RUNNING, child.liveness());
            }
            OsProcess without = descendant(Long.parseLong(said.readLine()));
            if (how.equals("killed")) {
                jvm.destroyForcibly();
            } else {
                jvm.getOutputStream().close();
            }
            jvm.waitFor();
            for (OsProcess child : children) {
                end(child);
            }
            assertEquals(Liveness.RUNNING, without.liveness(), "who was started without it lives on");
        } finally {
            jvm.destroyForcibly();
        }
    }

    @Test
    void start38_theChildsOwnChildrenAreNotTold() throws Exception {
        OsProcess child = shell(
                Looks.with(dev.osprocess.linux.LinuxAttributes.builder().killOnParentExit()),
                "sleep 1000 & echo $!; wait");
        OsProcess below = descendantOf(child);
        assertTrue(child.kill());
        end(child);
        assertEquals(Liveness.RUNNING, below.liveness());
    }
}
