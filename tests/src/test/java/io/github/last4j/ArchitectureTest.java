package io.github.last4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows between the packages: inner ones know nothing of outer ones. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
  private static final String ROOT = "io.github.last4j";

  /** Which packages a package is built on; what those are built on is open to it as well. */
  private static final Map<String, Set<String>> USES =
      Map.ofEntries(
          Map.entry("complex", Set.of()),
          Map.entry("ssm", Set.of("complex")),
          Map.entry("norm", Set.of("ssm")),
          Map.entry("prune", Set.of("norm")),
          Map.entry("bound", Set.of("norm", "prune")),
          Map.entry("model", Set.of("ssm")),
          Map.entry("data", Set.of()),
          Map.entry("train", Set.of("model", "data")),
          Map.entry("sweep", Set.of("prune", "model", "data")),
          Map.entry("io", Set.of("model")),
          Map.entry("plot", Set.of("sweep", "bound")));

  /** Packages at the outside, which may use all others. */
  private static final Set<String> OUTERMOST = Set.of("notebook");

  private JavaClasses toolkit;

  @BeforeAll
  void read() {
    toolkit =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
  }

  static Set<String> inner() {
    return new TreeSet<>(USES.keySet());
  }

  private static Set<String> reachable(String name) {
    Set<String> found = new TreeSet<>(Set.of(name));
    Deque<String> open = new ArrayDeque<>(found);
    while (!open.isEmpty()) {
      for (String next : USES.get(open.remove())) {
        if (found.add(next)) {
          open.add(next);
        }
      }
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("inner")
  void usesOnlyWhatItIsBuiltOn(String name) {
    Set<String> allowed =
        reachable(name).stream().map(each -> ROOT + "." + each).collect(Collectors.toSet());
    noClasses()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .dependOnClassesThat(
            new DescribedPredicate<JavaClass>("are of the toolkit but not of " + allowed) {
              @Override
              public boolean test(JavaClass other) {
                String home = other.getPackageName();
                boolean ours = home.equals(ROOT) || home.startsWith(ROOT + ".");
                return ours && allowed.stream().noneMatch(a -> (home + ".").startsWith(a + "."));
              }
            })
        .allowEmptyShould(true)
        .check(toolkit);
  }

  /** A package that nobody put into the table would be free of it. */
  @Test
  void everyPackageIsInTheTable() {
    Set<String> unknown = new TreeSet<>();
    for (JavaClass each : toolkit) {
      String home = each.getPackageName();
      if (!home.equals(ROOT)) {
        unknown.add(home.substring(ROOT.length() + 1).split("\\.", 2)[0]);
      }
    }
    unknown.removeAll(USES.keySet());
    unknown.removeAll(OUTERMOST);
    assertEquals(Set.of(), unknown);
  }

  @Test
  void noCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(toolkit);
  }

  /** A final static field can still be changed inside if it is one of these. */
  private static final List<Class<?>> MUTABLE =
      List.of(
          Number.class,
          ThreadLocal.class,
          StringBuilder.class,
          java.util.Random.class,
          ai.djl.ndarray.NDArray.class,
          ai.djl.ndarray.NDManager.class);

  @Test
  void noStaticMutableState() {
    fields()
        .that()
        .areStatic()
        .should(
            new ArchCondition<JavaField>("be constants") {
              @Override
              public void check(JavaField field, ConditionEvents events) {
                if (!field.getModifiers().contains(JavaModifier.SYNTHETIC) && !constant(field)) {
                  events.add(SimpleConditionEvent.violated(field, field.getDescription()));
                }
              }
            })
        .check(toolkit);
  }

  private static boolean constant(JavaField field) {
    JavaClass type = field.getRawType();
    boolean boxed = type.getPackageName().equals("java.lang") && type.isAssignableTo(Number.class);
    boolean mutable = !boxed && MUTABLE.stream().anyMatch(type::isAssignableTo);
    // Lists, sets and maps pass as interfaces: what is behind them is seen by a reader only.
    boolean collection =
        !type.isInterface()
            && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class));
    return field.getModifiers().contains(JavaModifier.FINAL) && !mutable && !collection;
  }
}
