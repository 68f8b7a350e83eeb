// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the probe says, and that it touches nothing where it has nothing to say. */
final class ProbeTest {
    private static final BsdProbe.Binding NONE = profile -> {
        throw new AssertionError("a binding was made for " + profile);
    };

    @ParameterizedTest
    @ValueSource(strings = {"Linux", "Windows 11", "AIX"})
    void err11_onOtherSystemsNothingNativeIsTouched(String os) {
        Availability answer = BsdProbe.run(os, "amd64", NONE).availability();
        assertFalse(answer.isAvailable());
        assertEquals("this is " + os + ", and neither a BSD nor macOS", answer.cause());
    }

    @Test
    void err11_theProviderSaysSoOnThisSystemToo() {
        Assumptions.assumeTrue(BsdProfile.of(System.getProperty("os.name")) == null, "needs a system that is no BSD");
        BsdBackend provider = new BsdBackend();
        assertEquals("bsd", provider.name());
        assertEquals(100, provider.order());
        assertFalse(provider.probe().isAvailable());
        assertSame(provider.probe(), provider.probe());
        assertThrows(IllegalStateException.class, provider::capabilities);
    }

    @ParameterizedTest
    @CsvSource({"FreeBSD,riscv64", "OpenBSD,sparc64", "Mac OS X,ppc"})
    void err11_anArchitectureThatIsNotInTheTablesIsNamed(String os, String arch) {
        Availability answer = BsdProbe.run(os, arch, NONE).availability();
        assertTrue(answer.cause().contains("the architecture " + arch), answer.cause());
    }

    @Test
    void err11_netBsdWithoutALibraryOfJffiSaysSoAndWhoServes() {
        UnsatisfiedLinkError missing = new UnsatisfiedLinkError("could not locate stub library\n at somewhere");
        Availability answer = BsdProbe.run("NetBSD", "amd64", profile -> {
                    throw missing;
                })
                .availability();
        assertEquals(
                "jffi, which calls the C library for this backend, brings no native library for NetBSD; the backend 'jdk'"
                        + " serves there",
                answer.cause());
        assertSame(missing, answer.failure());
    }

    @Test
    void err11_elsewhereALibraryThatCannotBeUsedIsNamedInOneLine() {
        Availability answer = BsdProbe.run("FreeBSD", "amd64", profile -> {
                    throw new UnsatisfiedLinkError("no exec\n\tat x.y.Z");
                })
                .availability();
        assertEquals(
                "the native library of jffi cannot be used: java.lang.UnsatisfiedLinkError: no exec", answer.cause());
    }

    @ParameterizedTest
    @MethodSource("dev.osprocess.bsd.internal.TrapsTest#profiles")
    void err11_everySystemServesWhenItsFunctionsAreThere(BsdProfile profile) {
        ScriptedBsd kernel = new ScriptedBsd(profile);
        BsdBackend backend = new BsdBackend(BsdProbe.of(profile, kernel));
        assertTrue(backend.probe().isAvailable(), backend.probe().cause());
        assertEquals("pid", backend.handleKind());
        assertEquals(ScriptedBsd.SELF, backend.currentPid());
        assertEquals(1, backend.parentPid());
        Set<Capability> capabilities = backend.capabilities();
        assertFalse(capabilities.contains(Capability.HANDLE));
        assertFalse(capabilities.contains(Capability.CHILDREN));
        assertTrue(capabilities.contains(Capability.REAP));
        assertTrue(capabilities.contains(Capability.FOREIGN_EXIT_EVENT), kernel.log.toString());
        assertEquals(Set.of(0, 1, 2), kernel.open(), "the probe left a descriptor");
        assertEquals(0, kernel.watched());
    }

    @ParameterizedTest
    @ValueSource(strings = {"posix_spawn", "wait4", "posix_spawnattr_setsigmask", "poll", "getrlimit"})
    void err11_aFunctionThatIsMissingIsNamedByItsSymbol(String function) {
        ScriptedBsd kernel = new ScriptedBsd(NetBsdProfile.PROFILE);
        kernel.missing.add(function);
        Availability answer = BsdProbe.of(kernel.profile, kernel).availability();
        assertEquals("this C library has no " + kernel.profile.symbol(function), answer.cause());
        assertFalse(answer.isAvailable());
    }

    @Test
    void err11_aWaitThatIsForbiddenIsTheCause() {
        ScriptedBsd kernel = new ScriptedBsd(FreeBsdProfile.PROFILE);
        kernel.fail("wait4", Errno.ENOSYS);
        Availability answer = BsdProbe.of(kernel.profile, kernel).availability();
        assertEquals("wait4: ENOSYS (78) function not implemented", answer.cause());
    }
}
