// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.bsd.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is known of one system: the rows of its file, and those of {@code supplement.tsv} that are about it. */
final class Facts {
    /** One fact. */
    record Row(String kind, String name, String value, String source) {
        /** How it is known: the words in brackets. */
        TreeSet<String> marks() {
            TreeSet<String> marks = new TreeSet<>();
            Matcher mark = Pattern.compile("\\[([^\\]]*)\\]").matcher(source.replaceAll("\\([^)]*\\)", ""));
            while (mark.find()) {
                marks.add(mark.group(1));
            }
            return marks;
        }
    }

    /** Our keys whose C names differ between the systems; the first that the file has is meant. */
    private static final Map<String, List<String>> C_NAMES = Map.ofEntries(
            Map.entry("siginfo_t.si_code", List.of("siginfo_t._info._code", "siginfo_t.si_code")),
            Map.entry(
                    "siginfo_t.si_pid",
                    List.of("siginfo_t._info._reason._child._pid", "siginfo_t._data._proc._pid", "siginfo_t.si_pid")),
            Map.entry(
                    "siginfo_t.si_status",
                    List.of(
                            "siginfo_t._info._reason._child._status",
                            "siginfo_t._data._proc._pdata._cld._status",
                            "siginfo_t.si_status")),
            Map.entry(
                    "process.pid",
                    List.of(
                            "kinfo_proc.ki_pid",
                            "kinfo_proc.kp_pid",
                            "kinfo_proc.p_pid",
                            "kinfo_proc2.p_pid",
                            "proc_bsdinfo.pbi_pid")),
            Map.entry(
                    "process.start",
                    List.of(
                            "kinfo_proc.ki_start",
                            "kinfo_proc.kp_start",
                            "kinfo_proc.p_ustart_sec",
                            "kinfo_proc2.p_ustart_sec",
                            "proc_bsdinfo.pbi_start_tvsec")),
            Map.entry(
                    "process.start_usec",
                    List.of("kinfo_proc.p_ustart_usec", "kinfo_proc2.p_ustart_usec", "proc_bsdinfo.pbi_start_tvusec")),
            Map.entry("sizeof process", List.of("proc_bsdinfo")));

    private final Map<String, Row> rows = new LinkedHashMap<>();

    private Facts() {}

    /** The facts of a system, by the name of its file. */
    static Facts of(String file) {
        Facts facts = new Facts();
        for (String[] fields : read(file + ".tsv")) {
            facts.add(fields, 0);
        }
        for (String[] fields : read("supplement.tsv")) {
            if (fields[0].equals(file)) {
                facts.add(fields, 1);
            }
        }
        return facts;
    }

    private void add(String[] fields, int at) {
        Row row = new Row(fields[at], fields[at + 1], fields[at + 3], fields[at + 4]);
        rows.putIfAbsent(row.kind() + " " + row.name(), row);
    }

    private static List<String[]> read(String name) {
        InputStream resource = Objects.requireNonNull(Facts.class.getResourceAsStream(name), name);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return lines.lines().skip(1).map(line -> line.split("\t", -1)).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The row that a key of a profile is from; null if there is none. */
    @Nullable
    Row row(String key) {
        if (key.equals("rusage.ru_maxrss unit")) {
            return rows.get("unit rusage.ru_maxrss");
        }
        if (key.equals("wait.continued")) {
            return rows.get("rule wait.status");
        }
        boolean size = key.startsWith("sizeof ");
        String bare = size ? key.substring("sizeof ".length()) : key;
        for (String name : C_NAMES.getOrDefault(key, List.of(bare))) {
            String kind = size ? (name.contains(".") ? "fieldsize" : "struct") : name.contains(".") ? "field" : "const";
            Row row = rows.get(kind + " " + name);
            if (row != null) {
                return row;
            }
        }
        return null;
    }

    /** The value of a key of a profile. */
    long value(String key) {
        Row row = Objects.requireNonNull(row(key), () -> "no fact for " + key);
        if (key.equals("rusage.ru_maxrss unit")) {
            return row.value().equals("bytes") ? 1 : 1024;
        }
        return key.equals("wait.continued") ? continued(row.value()) : Long.parseLong(row.value());
    }

    /** The word of "goes on" in a rule that says how wait statuses are read. */
    private static long continued(String rule) {
        Matcher word = Pattern.compile("s(?:&0xffff)?\\)?==(0x[0-9a-f]+|[0-9]+)")
                .matcher(rule.substring(rule.indexOf("continued")));
        Matcher parts =
                Pattern.compile("\\(s&0x7f\\)==(0x7f) and \\(s>>8\\)==(0x13)").matcher(rule);
        if (parts.find()) {
            return Long.decode(parts.group(2)) << 8 | Long.decode(parts.group(1));
        }
        if (!word.find()) {
            throw new AssertionError("no continued status in: " + rule);
        }
        return Long.decode(word.group(1));
    }

    /** The row of a kind and name, or null. */
    @Nullable
    Row row(String kind, String name) {
        return rows.get(kind + " " + name);
    }

    /** The names of all constants that begin so. */
    List<String> constants(String beginning) {
        return rows.values().stream()
                .filter(row -> row.kind().equals("const") && row.name().startsWith(beginning))
                .map(Row::name)
                .toList();
    }
}
