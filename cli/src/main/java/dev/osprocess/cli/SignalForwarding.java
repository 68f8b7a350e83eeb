// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.cli;

import dev.osprocess.OsProcess;
import dev.osprocess.ProcessDoneException;
import dev.osprocess.ProcessException;
import dev.osprocess.ProcessReleasedException;
import dev.osprocess.Signal;
import dev.osprocess.UnsupportedFeatureException;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes signals that reach this command on to the program. By {@code sun.misc.Signal}: a shutdown hook would not learn
 * which signal it was, and the JVM has no other way. By reflection, because javac warns of that class and nothing can
 * silence it. A JVM that keeps these signals to itself ({@code -Xrs}) ends at them as before.
 *
 * <p>A signal that this process was started to ignore (nohup) stays ignored: the JVM does not register for it.
 */
final class SignalForwarding implements InvocationHandler {
    private static final String[] SIGNALS = {"TERM", "HUP", "INT"};
    private static final Path OWN_STAT = Path.of("/proc/self/stat");
    private static final int GROUP = 2; // fields of stat(5) behind the name: state ppid pgrp session tty tpgid
    private static final int FOREGROUND_GROUP = 5;

    private final List<String> early = new ArrayList<>();
    private @Nullable OsProcess process;

    private SignalForwarding() {}

    /** Begins to take signals, before the program is started, so that none falls into the gap. */
    static SignalForwarding install() {
        SignalForwarding forwarding = new SignalForwarding();
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, forwarding);
            Method handle = signal.getMethod("handle", signal, handler);
            for (String name : SIGNALS) {
                take(signal, name, handle, proxy);
            }
        } catch (ReflectiveOperationException missing) {
            Main.complain("signals are not passed on to the program: this JVM has no " + missing.getMessage());
        }
        return forwarding;
    }

    private static void take(Class<?> signal, String name, Method handle, Object handler)
            throws ReflectiveOperationException {
        try {
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
        } catch (InvocationTargetException refused) {
            // no such signal on this system, or the JVM was told to leave it alone: then it does what it did before
            if (!(refused.getCause() instanceof IllegalArgumentException)) {
                throw refused;
            }
        }
    }

    /** The program to pass them on to, beginning with those that came before it. */
    synchronized void to(OsProcess started) {
        process = started;
        for (String name : early) {
            send(started, name);
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "handle" -> {
                received(String.valueOf(arguments == null ? null : arguments[0]));
                yield null;
            }
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "passes signals on";
        };
    }

    /** Called by a thread of the JVM that was made for this signal. */
    private synchronized void received(String name) {
        if (process == null) {
            early.add(name);
        } else {
            send(process, name);
        }
    }

    private static void send(OsProcess process, String name) {
        Signal signal = Signal.of(name);
        try {
            if (!signal.equals(Signal.INT) || !isInForeground(ownStat())) {
                process.signal(signal);
            }
        } catch (ProcessDoneException | ProcessReleasedException ended) {
            return; // and so do we, at this moment
        } catch (UnsupportedFeatureException unknown) {
            Main.complain(name + " is not passed on: " + unknown.getMessage());
        } catch (ProcessException failure) {
            Main.complain(name + " is not passed on: " + failure.getMessage());
        }
    }

    /**
     * Whether this process group has the terminal: then a Ctrl-C went to the program as well. Where there is no procfs
     * this is taken for granted: a lost INT does less harm than a doubled one, which many programs take for "at once".
     *
     * @param stat the text of {@code /proc/self/stat}, or null
     */
    static boolean isInForeground(@Nullable String stat) {
        if (stat == null) {
            return true;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
        return fields.length > FOREGROUND_GROUP && fields[GROUP].equals(fields[FOREGROUND_GROUP]);
    }

    private static @Nullable String ownStat() {
        try {
            return Files.readString(OWN_STAT, StandardCharsets.ISO_8859_1);
        } catch (IOException none) {
            return null;
        }
    }
}
