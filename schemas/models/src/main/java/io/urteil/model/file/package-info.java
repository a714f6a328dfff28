/** JSON, hashes and errors of model files. Uses no other package of this project. */
@NullMarked
package io.urteil.model.file;

import org.jspecify.annotations.NullMarked;
