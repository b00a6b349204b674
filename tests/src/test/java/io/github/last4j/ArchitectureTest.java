package io.github.last4j;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.PrintStream;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ojalgo.matrix.decomposition.MatrixDecomposition;

/** Packages know only what is further in. */
class ArchitectureTest {
  private static final String ROOT = "io.github.last4j";
  private static final List<String> PACKAGES =
      List.of(
          "complex",
          "progress",
          "table",
          "data",
          "ssm",
          "norm",
          "model",
          "prune",
          "bound",
          "io",
          "train",
          "sweep",
          "audit",
          "plot",
          "notebook",
          "lab",
          "app");
  private static final JavaClasses TOOLKIT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @ParameterizedTest
  @CsvSource({
    "complex, progress",
    "progress, ''",
    "table, ''",
    "data, progress",
    "ssm, complex progress",
    "norm, complex progress ssm",
    "model, complex ssm progress",
    "prune, complex ssm norm model progress",
    "bound, complex progress ssm norm model prune table",
    "io, complex ssm model",
    "train, complex ssm norm model data prune progress io",
    "sweep, complex ssm norm model prune data progress table",
    "audit, complex progress table data ssm norm model prune bound train sweep io",
    "plot, complex table ssm norm model prune bound data sweep",
    "lab, complex progress table data ssm norm model prune bound train sweep io audit plot"
        + " notebook",
  })
  void packagesUseOnlyInnerOnes(String name, String inner) {
    List<String> others = new ArrayList<>();
    for (String other : PACKAGES) {
      if (!other.equals(name) && !List.of(inner.split(" ")).contains(other)) {
        others.add(ROOT + "." + other + "..");
      }
    }
    classes()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .onlyDependOnClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.not(
                com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                    others.toArray(String[]::new))))
        .check(TOOLKIT);
  }

  @Test
  void everyPackageIsKnown() {
    Set<String> unknown = new TreeSet<>();
    TOOLKIT.forEach(
        each -> {
          String home = each.getPackageName();
          if (!home.equals(ROOT)) {
            unknown.add(home.substring(ROOT.length() + 1).replaceFirst("\\..*", ""));
          }
        });
    unknown.removeAll(PACKAGES);
    assertEquals(Set.of(), unknown);
  }

  @Test
  void onlyTheOutermostUseTheRoot() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, ROOT + ".app..", ROOT + ".lab..", ROOT + ".notebook..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(TOOLKIT);
  }

  @Test
  void noCycles() {
    SlicesRuleDefinition.slices()
        .matching(ROOT + ".(*)..")
        .should()
        .beFreeOfCycles()
        .check(TOOLKIT);
  }

  /**
   * What a product, quotient, power or bound with a number remembers for its gradient does not
   * survive a garbage collection; there is ComplexArray.number.
   */
  @ParameterizedTest
  @ValueSource(strings = {"mul", "muli", "div", "divi", "pow", "powi", "minimum", "maximum"})
  void noArithmeticWithNumbersInGradients(String method) {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".complex", ROOT + ".ssm", ROOT + ".model", ROOT + ".train")
        .should()
        .callMethod(NDArray.class, method, Number.class)
        .check(TOOLKIT);
  }

  /**
   * The first draw of java.util.Random hardly differs between seeds 0, 1 and 2, which for a mask or
   * a single choice is no randomness at all. What committed models, data and the ledger were drawn
   * from stays: it draws thousands of numbers.
   */
  @Test
  void onlyWhatIsCommittedIsDrawnFromRandom() {
    noClasses()
        .that()
        .haveNameNotMatching(
            ".*\\.(model\\.(Draws|ParameterTree)|data\\.(SequenceData|ListOps\\$Generator)"
                + "|audit\\.(Search|Ledger))")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Random")
        .check(TOOLKIT);
  }

  /** Some of ojAlgo's decompositions never end on a NaN: one place looks before. */
  @Test
  void matricesAreDecomposedInOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".complex.Decompositions")
        .should()
        .callMethodWhere(
            target(nameMatching("decompose|computeValuesOnly"))
                .and(target(owner(assignableTo(MatrixDecomposition.class)))))
        .check(TOOLKIT);
  }

  /** Digits, points and letters of a country have no place in files, names and messages. */
  @Test
  void everyTextIsOfNoCountry() {
    noClasses()
        .should()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "formatted", Object[].class)
        .orShould()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .orShould()
        .callMethod(PrintStream.class, "printf", String.class, Object[].class)
        .orShould()
        .callMethod(PrintStream.class, "format", String.class, Object[].class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(NumberFormat.class)
        .check(TOOLKIT);
  }

  @Test
  void noStaticState() {
    fields().that().areStatic().should().beFinal().check(TOOLKIT);
  }
}
