// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.osprocess.spi.Availability;
import dev.osprocess.spi.Capability;
import dev.osprocess.spi.ProcessBackend;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** Whether the backend can serve here. */
final class WindowsProbeTest {
    @Test
    void d11_theProviderIsFoundAndOnAnotherSystemTouchesNothingNative() {
        ProcessBackend backend = ServiceLoader.load(ProcessBackend.class).stream()
                .filter(provider -> provider.type() == WindowsBackend.class)
                .findFirst()
                .orElseThrow()
                .get();
        assertEquals("windows", backend.name());
        assertEquals(100, backend.order());
        assertEquals("HANDLE", backend.handleKind());
        Availability answer = WindowsProbe.run("Linux", "amd64").availability();
        assertEquals("this is Linux, not Windows", answer.cause());
        assertEquals(
                System.getProperty("os.name", "").startsWith("Windows"),
                backend.probe().isAvailable());
    }

    @Test
    void d11_a32BitJvmIsRefusedWithItsName() {
        assertTrue(WindowsProbe.run("Windows 11", "x86").availability().cause().contains("x86"));
    }

    @Test
    void start39_eachCallIsMadeOnceOnThisProcessAndAFailureIsTheCause() {
        ScriptedSyscalls calls = new ScriptedSyscalls();
        assertTrue(WindowsProbe.of(calls).availability().isAvailable());
        assertEquals(List.of(), calls.openBesideStreams());
        for (String call : List.of("OpenProcess", "GetProcessTimes", "WaitForSingleObject")) {
            calls.fail(call, Win32Error.ACCESS_DENIED);
            WindowsProbe refused = WindowsProbe.of(calls);
            assertEquals(
                    "on this process itself " + call + ": ERROR_ACCESS_DENIED (5) access denied",
                    refused.availability().cause());
            assertThrows(IllegalStateException.class, refused::calls);
            assertEquals(List.of(), calls.openBesideStreams());
        }
        calls.waitResult = 0;
        assertTrue(WindowsProbe.of(calls).availability().cause().contains("0x0"));
    }

    @Test
    void d12_whatIsMissingIsDeclared() {
        var declared = new WindowsBackend(WindowsProbe.of(new ScriptedSyscalls())).capabilities();
        for (Capability missing : List.of(
                Capability.SIGNAL_ANY,
                Capability.SIGNAL_TERM,
                Capability.EXTRA_FILES,
                Capability.DESCRIPTORS,
                Capability.RAW_BYTES,
                Capability.RAW_ENVIRONMENT)) {
            assertFalse(declared.contains(missing), missing::description);
        }
        assertTrue(declared.contains(Capability.FOREIGN_EXIT_EVENT));
    }

    @Test
    void id03_ourNumberAndOurParentsAreAskedOfTheSystem() {
        WindowsBackend backend = new WindowsBackend(WindowsProbe.of(new ScriptedSyscalls()));
        assertEquals(ScriptedSyscalls.SELF, backend.currentPid());
        assertEquals(8, backend.parentPid());
    }
}
