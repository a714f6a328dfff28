/** What the words around a verdict do to it: doubt, quotation, and marks that mean nothing. */
@NullMarked
package io.urteil.prompt.sentence;

import org.jspecify.annotations.NullMarked;
