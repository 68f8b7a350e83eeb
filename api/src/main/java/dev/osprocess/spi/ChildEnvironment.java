// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.spi;

import dev.osprocess.OsString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a child's environment is made of: this process's own, with or without changes, or an exact list. Immutable but
 * for one slot, in which a backend keeps what it encoded, so that the same environment is encoded once (START-10: what
 * the caller passed in was copied when this was made).
 */
public final class ChildEnvironment {
    private static final ChildEnvironment INHERITED = new ChildEnvironment(true, Set.of(), List.of());

    private final boolean inherits;
    private final Set<String> removed;
    private final List<OsString> entries;
    private volatile @Nullable Object encoded;

    private ChildEnvironment(boolean inherits, Set<String> removed, List<OsString> entries) {
        this.inherits = inherits;
        this.removed = removed;
        this.entries = entries;
    }

    /** This process's own environment. */
    public static ChildEnvironment inherited() {
        return INHERITED;
    }

    /** Exactly these entries. */
    public static ChildEnvironment exactly(List<OsString> entries) {
        return new ChildEnvironment(false, Set.of(), List.copyOf(entries));
    }

    /** This process's own environment, changed from {@code before} to {@code after}. */
    public static ChildEnvironment edited(Map<String, String> before, Map<String, String> after) {
        Set<String> removed = new TreeSet<>();
        for (String name : before.keySet()) {
            if (!after.containsKey(name)) {
                removed.add(name);
            }
        }
        List<OsString> added = new ArrayList<>();
        for (Map.Entry<String, String> variable : after.entrySet()) {
            if (!variable.getValue().equals(before.get(variable.getKey()))) {
                checkVariable(variable.getKey(), variable.getValue());
                removed.add(variable.getKey());
                added.add(OsString.of(variable.getKey() + "=" + variable.getValue()));
            }
        }
        return new ChildEnvironment(true, Set.copyOf(removed), List.copyOf(added));
    }

    /**
     * Refuses what cannot be a variable.
     *
     * @throws IllegalArgumentException if the name is empty or holds {@code =} or NUL, or the value holds NUL
     */
    public static void checkVariable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=', 1) >= 0 || name.equals("=") || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("environment variable name '" + name.replace('\0', '␀')
                    + "': must not be empty and must not hold '=' or NUL; use the list form for odd entries");
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "environment variable '" + name + "': its value holds NUL, which ends it early");
        }
    }

    /** Whether it begins with this process's own environment. */
    public boolean inherits() {
        return inherits;
    }

    /** The names that are not taken over from this process's environment. */
    public Set<String> removed() {
        return removed;
    }

    /** The entries to add, in order: {@code NAME=value}, or whatever the caller gave. */
    public List<OsString> entries() {
        return entries;
    }

    /** What a backend encoded before and left by {@link #keepEncoded}; null at first. */
    public @Nullable Object encoded() {
        return encoded;
    }

    /** Keeps an immutable encoded form for the next start. Two threads may do so at once; either form is right. */
    public void keepEncoded(Object form) {
        this.encoded = form;
    }
}
