// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.linux.attributes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.Signal;
import dev.osprocess.linux.LinuxAttributes;
import dev.osprocess.linux.LinuxCapability;
import dev.osprocess.linux.LinuxCredentials;
import dev.osprocess.linux.LinuxNamespace;
import dev.osprocess.linux.LinuxResource;
import dev.osprocess.linux.LinuxScheduling;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attributes are checked when they are made: what cannot work is refused before there is anything to start. */
final class LinuxAttributesTest {
    private static Stream<Consumer<LinuxAttributes.Builder>> notTogether() {
        return Stream.of(
                all -> all.newSession().joinProcessGroup(7),
                all -> all.controllingTerminal(0),
                all -> all.newSession().controllingTerminal(0).foreground(0),
                all -> all.newSession().foreground(0),
                all -> all.newSession().controllingTerminal(0).detachTerminal(),
                all -> all.foreground(0).detachTerminal(),
                all -> all.nice(1).scheduling(LinuxScheduling.FIFO, 1));
    }

    @ParameterizedTest
    @MethodSource("notTogether")
    void start33_start52_whatExcludesEachOtherIsRefused(Consumer<LinuxAttributes.Builder> both) {
        LinuxAttributes.Builder builder = LinuxAttributes.builder();
        both.accept(builder);
        assertThrows(IllegalStateException.class, builder::build);
    }

    private static Stream<Consumer<LinuxAttributes.Builder>> notAllowed() {
        return Stream.of(
                all -> all.joinProcessGroup(0),
                all -> all.controllingTerminal(-1),
                all -> all.foreground(-1),
                all -> all.credentials(LinuxCredentials.of(-1, 0)),
                all -> all.credentials(LinuxCredentials.of(0xFFFF_FFFFL, 0)),
                all -> all.credentials(LinuxCredentials.of(0, 0xFFFF_FFFFL)),
                all -> all.credentials(LinuxCredentials.of(0, 0, 0xFFFF_FFFFL)),
                all -> all.credentials(LinuxCredentials.of(0, 0, new long[65_537])),
                all -> all.root(Path.of("")),
                all -> all.root(dev.osprocess.OsString.of("a\0b")),
                all -> all.parentDeathSignal(Signal.of(0)),
                all -> all.nice(20),
                all -> all.nice(-21),
                all -> all.scheduling(LinuxScheduling.FIFO),
                all -> all.scheduling(LinuxScheduling.FIFO, 100),
                all -> all.scheduling(LinuxScheduling.OTHER, 1),
                LinuxAttributes.Builder::cpus,
                all -> all.cpus(-1),
                all -> all.cpus(8192),
                all -> all.limit(LinuxResource.CORE, -2),
                all -> all.limit(LinuxResource.CORE, 2, 1),
                all -> all.limit(LinuxResource.CORE, LinuxResource.UNLIMITED, 1),
                all -> all.umask(-1),
                all -> all.umask(01000));
    }

    @ParameterizedTest
    @MethodSource("notAllowed")
    void start52_whatMakesNoSenseIsRefused(Consumer<LinuxAttributes.Builder> one) {
        LinuxAttributes.Builder builder = LinuxAttributes.builder();
        assertThrows(IllegalArgumentException.class, () -> one.accept(builder));
    }

    private static Stream<Consumer<LinuxAttributes.Builder>> helped() {
        return Stream.of(
                all -> all.newSession().controllingTerminal(0),
                all -> all.foreground(0),
                LinuxAttributes.Builder::detachTerminal,
                all -> all.credentials(LinuxCredentials.of(0, 0)),
                all -> all.root(Path.of("/")),
                LinuxAttributes.Builder::killOnParentExit,
                all -> all.unshare(LinuxNamespace.UTS),
                all -> all.ambientCapabilities(LinuxCapability.BPF),
                LinuxAttributes.Builder::noNewPrivileges,
                all -> all.cgroup(Path.of("/x")),
                all -> all.nice(0),
                all -> all.scheduling(LinuxScheduling.OTHER),
                all -> all.cpus(0),
                all -> all.limit(LinuxResource.CORE, 0),
                all -> all.umask(0));
    }

    @ParameterizedTest
    @MethodSource("helped")
    void start52_whatPosixSpawnCannotDoNeedsTheHelper(Consumer<LinuxAttributes.Builder> one) {
        LinuxAttributes.Builder builder = LinuxAttributes.builder();
        one.accept(builder);
        assertTrue(builder.build().needsHelper());
    }

    @Test
    void start31_start32_sessionAndGroupDoNot() {
        assertFalse(LinuxAttributes.builder().build().needsHelper());
        assertFalse(LinuxAttributes.builder().newSession().build().needsHelper());
        assertFalse(LinuxAttributes.builder().joinProcessGroup(7).build().needsHelper());
        assertFalse(LinuxAttributes.builder()
                .unshare()
                .ambientCapabilities()
                .build()
                .needsHelper());
    }

    @Test
    void whatWasSetIsThere() {
        LinuxCredentials credentials = LinuxCredentials.of(1, 2, 3);
        LinuxAttributes all = LinuxAttributes.builder()
                .newSession()
                .controllingTerminal(4)
                .credentials(credentials)
                .root(Path.of("/r"))
                .killOnParentExit()
                .unshare(LinuxNamespace.UTS)
                .ambientCapabilities(LinuxCapability.CHOWN)
                .noNewPrivileges()
                .ownCgroup(Path.of("/c"))
                .nice(-3)
                .scheduling(LinuxScheduling.IDLE)
                .cpus(2, 1)
                .limit(LinuxResource.CORE, 5, 6)
                .umask(022)
                .build();
        assertEquals("linux", all.backend());
        assertTrue(all.isNewSession());
        assertEquals(OptionalInt.of(4), all.controllingTerminal());
        assertEquals(OptionalInt.empty(), all.foreground());
        assertEquals(Optional.of(credentials), all.credentials());
        assertEquals("user 1, group 2, groups [3]", credentials.toString());
        assertEquals(Optional.of(List.of(3L)), credentials.groups());
        assertEquals(Optional.empty(), LinuxCredentials.keepingGroups(1, 2).groups());
        assertEquals("/r", all.root().orElseThrow().toString());
        assertEquals(Optional.of(Signal.KILL), all.parentDeathSignal());
        assertEquals(Set.of(LinuxNamespace.UTS), all.namespaces());
        assertEquals(Set.of(LinuxCapability.CHOWN), all.ambientCapabilities());
        assertTrue(all.isNoNewPrivileges());
        assertEquals("/c", all.cgroup().orElseThrow().toString());
        assertTrue(all.hasOwnCgroup());
        assertEquals(OptionalInt.of(-3), all.nice());
        assertEquals(Optional.of(LinuxScheduling.IDLE), all.scheduling());
        assertEquals(Set.of(1, 2), all.cpus());
        assertEquals(new LinuxAttributes.Limit(5, 6), all.limits().get(LinuxResource.CORE));
        assertEquals(OptionalInt.of(022), all.umask());
    }

    @Test
    void start33_theForegroundImpliesAGroupOfItsOwnUnlessOneIsJoined() {
        assertEquals(0, LinuxAttributes.builder().foreground(0).build().processGroup());
        assertTrue(LinuxAttributes.builder().foreground(0).build().leadsGroup());
        assertEquals(
                7,
                LinuxAttributes.builder()
                        .foreground(0)
                        .joinProcessGroup(7)
                        .build()
                        .processGroup());
    }

    @Test
    void laterCallsReplaceEarlierOnes() {
        LinuxAttributes all = LinuxAttributes.builder()
                .ownCgroup(Path.of("/a"))
                .cgroup(Path.of("/b"))
                .limit(LinuxResource.CORE, 1)
                .limit(LinuxResource.CORE, 2)
                .build();
        assertFalse(all.hasOwnCgroup());
        assertEquals(new LinuxAttributes.Limit(2, 2), all.limits().get(LinuxResource.CORE));
    }
}
