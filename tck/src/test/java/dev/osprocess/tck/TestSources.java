// SPDX-License-Identifier: Apache-2.0
package dev.osprocess.tck;

import dev.osprocess.tck.spec.RuleIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The classes and methods of all modules as their sources say them, and which rules tests claim to prove: by
 * {@code @Rule}, or by a name that begins like {@code wait13_}. Sources, because no module sees the tests of another.
 */
final class TestSources {
    /** A rule id that a test names, and where: by a tag, or by how its name begins. */
    record Claim(String id, String test, boolean tagged) {}

    /** Comments go; texts stay whole, so that what stands in them is not taken for code. */
    private static final Pattern TOKEN = Pattern.compile(
            "//[^\n]*|/\\*.*?\\*/|\"\"\".*?(?<!\\\\)\"\"\"|\"(?:[^\"\\\\\n]++|\\\\.)*+\"|'(?:[^'\\\\\n]++|\\\\.)*+'|[\\w$]+|\\S",
            Pattern.DOTALL);

    private static final Set<String> TYPES = Set.of("class", "interface", "enum", "record");
    private static final Set<String> NO_RESULT_TYPE =
            Set.of("new", "return", "throw", "else", "case", "yield", "do", "assert", "instanceof");

    private final Map<String, Set<String>> methods = new TreeMap<>();
    private final Set<String> kit = new TreeSet<>();
    private final List<Claim> claims = new ArrayList<>();

    /** Everything below {@code root}: each folder that has a {@code src} is a module. */
    static TestSources below(Path root) throws IOException {
        TestSources all = new TestSources();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.filter(folder -> Files.isDirectory(folder.resolve("src")))
                    .sorted()
                    .toList()) {
                String name = module.getFileName().toString();
                all.addAll(name, module.resolve("src/test/java"), true);
                // the kit's contracts and the engine's tests live in main
                boolean isKit = name.equals("tck");
                all.addAll(name, module.resolve("src/main/java"), isKit).forEach(isKit ? all.kit::add : main -> {});
            }
        }
        return all;
    }

    private List<String> addAll(String module, Path folder, boolean tests) throws IOException {
        List<String> added = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return added;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString();
                String type = name.substring(0, name.length() - ".java".length());
                add(module, type, Files.readString(file), tests);
                added.add(module + "/" + type);
            }
        }
        return added;
    }

    /** One class of the kit itself, as it is shipped. */
    void addKit(String name, String source) {
        add("tck", name, source, true);
        kit.add("tck/" + name);
    }

    /** Whether this class, or the class of this test, is part of what the kit ships. */
    boolean isKit(String test) {
        return kit.contains(test.replaceFirst("#.*", ""));
    }

    /** One source file; only {@code tests} can claim rules. */
    void add(String module, String name, String source, boolean tests) {
        String key = module + "/" + name;
        Set<String> known = methods.computeIfAbsent(key, unused -> new TreeSet<>());
        List<String> tokens = tokens(source);
        for (int i = 0; i < tokens.size(); i++) {
            if (isMethod(tokens, i)) {
                known.add(tokens.get(i));
                if (tests) {
                    claimByName(key, tokens.get(i));
                }
            } else if (tests && tokens.get(i).equals("@") && next(tokens, i, 1).equals("Rule")) {
                claimByTag(key, name, tokens, i);
            }
        }
    }

    /** Whether there is such a class, as {@code tck/WaitTest}. */
    boolean hasClass(String key) {
        return methods.containsKey(key);
    }

    /** Whether the class has this method; a {@code *} at the end stands for any rest. */
    boolean hasMethod(String key, String method) {
        Set<String> known = methods.getOrDefault(key, Set.of());
        if (!method.endsWith("*")) {
            return known.contains(method);
        }
        String beginning = method.substring(0, method.length() - 1);
        return known.stream().anyMatch(name -> name.startsWith(beginning));
    }

    /** What the tests claim, in the order of their files. */
    List<Claim> claims() {
        return List.copyOf(claims);
    }

    private static List<String> tokens(String source) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(source);
        while (matcher.find()) {
            String token = matcher.group();
            if (!token.startsWith("//") && !token.startsWith("/*")) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    private static String next(List<String> tokens, int from, int steps) {
        return from + steps < tokens.size() ? tokens.get(from + steps) : "";
    }

    /** A name between a result type and a parenthesis. */
    private static boolean isMethod(List<String> tokens, int i) {
        if (i == 0 || !isWord(tokens.get(i)) || !next(tokens, i, 1).equals("(")) {
            return false;
        }
        String before = tokens.get(i - 1);
        return before.equals(">") || before.equals("]") || (isWord(before) && !NO_RESULT_TYPE.contains(before));
    }

    private static boolean isWord(String token) {
        return Character.isJavaIdentifierStart(token.charAt(0));
    }

    private void claimByName(String key, String method) {
        for (String id : RuleIds.ofName(method)) {
            claims.add(new Claim(id, key + "#" + method, false));
        }
    }

    private void claimByTag(String key, String name, List<String> tokens, int at) {
        int end = endOfAnnotation(tokens, at);
        String target = target(tokens, end);
        for (String token : tokens.subList(at, end)) {
            if (token.startsWith("\"")) {
                claims.add(new Claim(
                        token.substring(1, token.length() - 1), target.equals(name) ? key : key + "#" + target, true));
            }
        }
    }

    /** The name of the type or method that an annotation belongs to, other annotations and modifiers skipped. */
    private static String target(List<String> tokens, int from) {
        int i = from;
        while (i < tokens.size()) {
            if (tokens.get(i).equals("@") && !next(tokens, i, 1).equals("interface")) {
                i = endOfAnnotation(tokens, i);
            } else if (TYPES.contains(tokens.get(i))) {
                return next(tokens, i, 1);
            } else if (isMethod(tokens, i)) {
                return tokens.get(i);
            } else {
                i++;
            }
        }
        return "?";
    }

    /** Behind {@code @Name} or {@code @Name(…)}. */
    private static int endOfAnnotation(List<String> tokens, int at) {
        int i = at + 2;
        while (next(tokens, i, 0).equals(".")) {
            i += 2;
        }
        if (!next(tokens, i, 0).equals("(")) {
            return i;
        }
        int depth = 0;
        for (; i < tokens.size(); i++) {
            if (tokens.get(i).equals("(")) {
                depth++;
            } else if (tokens.get(i).equals(")") && --depth == 0) {
                return i + 1;
            }
        }
        return i;
    }
}
