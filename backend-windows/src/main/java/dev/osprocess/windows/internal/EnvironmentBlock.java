// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.windows.internal;

import dev.osprocess.ErrorKind;
import dev.osprocess.OsString;
import dev.osprocess.ProcessException;
import dev.osprocess.spi.ChildEnvironment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The environment as CreateProcessW takes it: UTF-16, each entry ended by a NUL and all by a second one, sorted by name
 * without regard to case; entries that begin with {@code =} (a drive's current directory) are kept (START-45).
 */
final class EnvironmentBlock {
    /** As the system compares names: character by character, by their upper-case forms, in no locale. */
    private static final Comparator<String> BY_NAME = EnvironmentBlock::compareNames;

    private EnvironmentBlock() {}

    /**
     * The block; null where the child gets this process's own as it is.
     *
     * @param own gives this process's block, and is asked only where it is needed
     */
    static byte @Nullable [] of(ChildEnvironment environment, WindowsSyscalls own) throws ProcessException {
        if (!environment.inherits()) {
            if (environment.encoded() instanceof byte[] known) {
                return known;
            }
            byte[] block = encode(sorted(new TreeMap<>(BY_NAME), environment.entries()));
            environment.keepEncoded(block);
            return block;
        }
        if (environment.removed().isEmpty() && environment.entries().isEmpty()) {
            return null;
        }
        char[] inherited = own.environment();
        if (inherited == null) {
            throw ProcessException.builder(ErrorKind.SYSTEM, "GetEnvironmentStringsW")
                    .detail("this process's environment cannot be read")
                    .build();
        }
        TreeMap<String, String> byName = new TreeMap<>(BY_NAME);
        for (String entry : entries(inherited)) {
            byName.put(nameOf(entry), entry);
        }
        for (String name : environment.removed()) {
            byName.remove(name);
        }
        TreeMap<String, String> added = new TreeMap<>(BY_NAME);
        sorted(added, environment.entries());
        byName.keySet().removeAll(added.keySet()); // so that a name keeps the case that was given last
        byName.putAll(added);
        return encode(byName.values());
    }

    private static Collection<String> sorted(Map<String, String> byName, List<OsString> entries)
            throws ProcessException {
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i).toString();
            if (entry.indexOf('=', 1) < 0) {
                throw invalid("environment entry " + i + " is not of the form NAME=value");
            }
            if (byName.put(nameOf(entry), entry) != null) {
                throw invalid(
                        "environment entry " + i + " has the name of another one; names differ in more than case here");
            }
        }
        return byName.values();
    }

    private static ProcessException invalid(String detail) {
        return ProcessException.builder(ErrorKind.INVALID, "fork/exec")
                .detail(detail)
                .build();
    }

    /** The entries of a block. */
    static List<String> entries(char[] block) {
        List<String> entries = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < block.length; i++) {
            if (block[i] == 0) {
                if (i == from) {
                    break;
                }
                entries.add(new String(block, from, i - from));
                from = i + 1;
            }
        }
        return entries;
    }

    /** All up to the {@code =} that follows the name; a name may begin with one. */
    private static String nameOf(String entry) {
        int equals = entry.indexOf('=', 1);
        return equals < 0 ? entry : entry.substring(0, equals);
    }

    private static byte[] encode(Collection<String> entries) {
        int characters = entries.isEmpty() ? 2 : 1;
        for (String entry : entries) {
            characters += entry.length() + 1;
        }
        // not by a charset: that would replace a lone surrogate, which Windows passes on
        ByteBuffer block = ByteBuffer.allocate(characters * Character.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (String entry : entries) {
            for (int i = 0; i < entry.length(); i++) {
                block.putChar(entry.charAt(i));
            }
            block.putChar('\0');
        }
        return block.array(); // zeros remain for the end: two in a row, also if there is no entry
    }

    private static int compareNames(String one, String other) {
        int common = Math.min(one.length(), other.length());
        for (int i = 0; i < common; i++) {
            int difference = Character.toUpperCase(one.charAt(i)) - Character.toUpperCase(other.charAt(i));
            if (difference != 0) {
                return difference;
            }
        }
        return one.length() - other.length();
    }
}
