package io.github.last4j.lab;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.PersistentSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.VarSnippet;

/**
 * What the notebook around a lab has declared: the source of the student's methods, and names in
 * them that nothing declares. The kernel accepts such a method, and fails when it is called.
 */
final class Session {
  private static final Pattern NOT_CODE =
      Pattern.compile("//[^\\n]*|/\\*.*?\\*/|\"(?:\\\\.|[^\"\\\\])*\"", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*");

  private final Optional<JShell> shell;

  private Session(Optional<JShell> shell) {
    this.shell = shell;
  }

  static Session of(JShell shell) {
    return new Session(Optional.of(shell));
  }

  /** The one of the kernel that this runs in; without a kernel one that knows nothing. */
  static Session here() {
    try {
      // The kernel is no dependency: outside of notebooks it is not there.
      Class<?> statics = Class.forName("org.dflib.jjava.kernel.JavaNotebookStatics");
      Object kernel = statics.getMethod("kernel").invoke(null);
      Object found = kernel.getClass().getMethod("getJShell").invoke(kernel);
      return new Session(found instanceof JShell shell ? Optional.of(shell) : Optional.empty());
    } catch (ReflectiveOperationException | LinkageError | RuntimeException nothingAround) {
      return new Session(Optional.empty());
    }
  }

  /** The first of some names that the code of a method uses, by itself or through others. */
  Optional<String> uses(String entry, List<String> names) {
    for (PersistentSnippet snippet : reachable(entry)) {
      List<String> found = identifiers(snippet.source());
      Optional<String> used = names.stream().filter(found::contains).findFirst();
      if (used.isPresent()) {
        return used;
      }
    }
    return Optional.empty();
  }

  /** Names in the code of a method, and of those that it calls, which nothing declares. */
  Set<String> undefined(String entry) {
    Set<String> names = new TreeSet<>();
    for (PersistentSnippet snippet : reachable(entry)) {
      if (snippet instanceof DeclarationSnippet declaration) {
        shell
            .orElseThrow()
            .unresolvedDependencies(declaration)
            .forEach(name -> names.add(name.replaceFirst("^\\w+ ", "").replaceFirst("\\(.*", "")));
      }
    }
    return names;
  }

  private Set<PersistentSnippet> reachable(String entry) {
    Set<PersistentSnippet> found = new LinkedHashSet<>();
    if (shell.isEmpty()) {
      return found;
    }
    List<PersistentSnippet> declared =
        shell
            .get()
            .snippets()
            .filter(snippet -> shell.get().status(snippet).isActive())
            .filter(PersistentSnippet.class::isInstance)
            .map(PersistentSnippet.class::cast)
            .toList();
    Deque<String> names = new ArrayDeque<>(List.of(entry));
    Set<String> seen = new TreeSet<>();
    while (!names.isEmpty()) {
      String name = names.remove();
      if (!seen.add(name)) {
        continue;
      }
      for (PersistentSnippet snippet : declared) {
        boolean asked = snippet.name().equals(name);
        if (asked && (name.equals(entry) || isCode(snippet)) && found.add(snippet)) {
          names.addAll(identifiers(snippet.source()));
        }
      }
    }
    return found;
  }

  /** A variable named as a parameter is mostly another thing, unless a function is in it. */
  private static boolean isCode(Snippet snippet) {
    String source = snippet.source();
    return !(snippet instanceof VarSnippet) || source.contains("->") || source.contains("::");
  }

  private static List<String> identifiers(String source) {
    Matcher matcher = NAME.matcher(NOT_CODE.matcher(source).replaceAll(" "));
    return matcher.results().map(result -> result.group()).distinct().toList();
  }
}
