// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck.child;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/** {@code sun.misc.Signal}, by reflection: javac warns of it, and nothing can silence that warning. */
final class Signals {
    private Signals() {}

    /** Runs this, on a thread of the JVM's, when the signal comes. */
    static void handle(String name, Runnable action) throws ReflectiveOperationException {
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        InvocationHandler invocation = (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    return null;
                }
                case "equals" -> {
                    return proxy == arguments[0];
                }
                case "hashCode" -> {
                    return System.identityHashCode(proxy);
                }
                default -> {
                    return "handler of " + name;
                }
            }
        };
        install(name, Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, invocation));
    }

    static void ignore(String name) throws ReflectiveOperationException {
        install(
                name,
                Class.forName("sun.misc.SignalHandler").getField("SIG_IGN").get(null));
    }

    static int number(String name) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Object made = signal.getConstructor(String.class).newInstance(name);
        return (int) signal.getMethod("getNumber").invoke(made);
    }

    private static void install(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
    }
}
