package dev.peerage.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Local variables are declared one way: {@code var} where the right-hand side names the type, the
 * type itself where it does not. The products' sources are parsed, not compiled.
 */
class VarTest {
  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final List<String> MODULES = List.of("crds", "bgp-speaker", "operator");

  @Test
  void varStandsWhereTheRightHandSideNamesTheType() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    assertThat(sources).hasSizeGreaterThan(300);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> faults = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Locals(unit, positions, faults).scan(unit, null);
      }
    }
    assertThat(faults).isEmpty();
  }

  /** Looks at the local variables of a file. */
  private static final class Locals extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> faults;

    Locals(CompilationUnitTree unit, SourcePositions positions, List<String> faults) {
      this.unit = unit;
      this.positions = positions;
      this.faults = faults;
    }

    @Override
    public Void visitVariable(VariableTree variable, Void unused) {
      // In a pattern or a lambda the names alone are usual; `var _` only says that a result is not
      // needed.
      boolean pattern =
          getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.BINDING_PATTERN
              || getCurrentPath().getParentPath().getLeaf() instanceof LambdaExpressionTree;
      boolean named = variable.getInitializer() != null && namesType(variable.getInitializer());
      if (!pattern && isVar(variable) && !named && !isUnnamed(variable)) {
        faults.add(place(variable) + ": write the type of " + variable.getName());
      }
      if (!pattern && !isVar(variable) && repeatsType(variable)) {
        faults.add(place(variable) + ": write var " + variable.getName());
      }
      return super.visitVariable(variable, unused);
    }

    private static boolean isVar(VariableTree variable) {
      return variable.getType() == null
          || variable.getType() instanceof IdentifierTree type
              && type.getName().contentEquals("var");
    }

    private static boolean isUnnamed(VariableTree variable) {
      return variable.getName().isEmpty() || variable.getName().contentEquals("_");
    }

    /** A constructor, a cast, a literal, {@code Type.of(…)}, or a builder that begins with one. */
    private static boolean namesType(ExpressionTree expression) {
      return switch (expression) {
        case NewClassTree _, TypeCastTree _, NewArrayTree _, LiteralTree _ -> true;
        case ParenthesizedTree inner -> namesType(inner.getExpression());
        case MethodInvocationTree call
            when call.getMethodSelect() instanceof MemberSelectTree method ->
            isTypeName(method.getExpression())
                || method.getIdentifier().toString().matches("build|with.*")
                    && beginsWithType(method.getExpression());
        case MethodInvocationTree _ -> false;
        default -> false;
      };
    }

    private static boolean beginsWithType(ExpressionTree builder) {
      return switch (builder) {
        case NewClassTree _ -> true;
        case MethodInvocationTree call
            when call.getMethodSelect() instanceof MemberSelectTree method ->
            isTypeName(method.getExpression()) || beginsWithType(method.getExpression());
        default -> false;
      };
    }

    private static boolean isTypeName(ExpressionTree expression) {
      return switch (expression) {
        case IdentifierTree name -> name.getName().toString().matches("[A-Z]+[a-z]\\w*");
        case MemberSelectTree name -> name.getIdentifier().toString().matches("[A-Z]+[a-z]\\w*");
        default -> false;
      };
    }

    private boolean repeatsType(VariableTree variable) {
      Tree parent = getCurrentPath().getParentPath().getLeaf();
      if (parent.getKind() == Tree.Kind.CLASS
          || parent.getKind() == Tree.Kind.RECORD
          || parent.getKind() == Tree.Kind.ENUM
          || parent.getKind() == Tree.Kind.INTERFACE
          || variable.getType() == null) {
        return false; // A field.
      }
      String type = variable.getType().toString();
      return switch (variable.getInitializer()) {
        case NewClassTree made ->
            made.getClassBody() == null && made.getIdentifier().toString().equals(type);
        case TypeCastTree cast -> cast.getType().toString().equals(type);
        case null, default -> false;
      };
    }

    private String place(VariableTree variable) {
      Path file = ROOT.relativize(Path.of(unit.getSourceFile().toUri()));
      return file
          + ":"
          + unit.getLineMap().getLineNumber(positions.getStartPosition(unit, variable));
    }
  }
}
