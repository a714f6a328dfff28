package io.urteil.engine.runtime;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** Functions of the C library. */
final class NativeFunctions {

  private NativeFunctions() {}

  /** The function of this name, which every supported system has. */
  static MethodHandle named(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }

  /** A call that threw. */
  static IllegalStateException failed(String function, Throwable cause) {
    return new IllegalStateException("The call of " + function + " failed", cause);
  }
}
