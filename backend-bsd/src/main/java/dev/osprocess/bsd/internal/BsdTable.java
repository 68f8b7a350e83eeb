// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the numbers of one system, by their C names; {@link BsdProfile} takes them over. */
final class BsdTable {
    final String name;
    final String system;
    final Map<String, Long> numbers = new LinkedHashMap<>();
    final Map<String, String> symbols = new LinkedHashMap<>();
    final EnumSet<BsdTrait> traits = EnumSet.noneOf(BsdTrait.class);

    private BsdTable(String name, String system) {
        this.name = name;
        this.system = system;
    }

    /**
     * An empty table.
     *
     * @param name the system's name, for people
     * @param system its name in an identity
     */
    static BsdTable of(String name, String system) {
        return new BsdTable(name, system);
    }

    /** A constant; {@code sizeof X}; or an offset, {@code struct.field}. */
    BsdTable number(String key, long value) {
        if (numbers.put(key, value) != null) {
            throw new AssertionError("internal error: " + key + " of " + name + " is there twice");
        }
        return this;
    }

    /** A function that has another symbol here than its name. */
    BsdTable symbol(String function, String symbol) {
        symbols.put(function, symbol);
        return this;
    }

    BsdTable trait(BsdTrait trait) {
        traits.add(trait);
        return this;
    }

    BsdProfile profile() {
        return new BsdProfile(this);
    }
}
