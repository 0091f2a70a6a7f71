/*
 * Taking the language out of vectors. A model of many languages puts texts of
 * one language near each other, whatever they say: a question then finds the
 * passages of its own language first. Of each vector the mean of its language
 * is taken off, of questions and of passages apart (Libovicky et al. 2020,
 * section 3), and the rest brought to length 1.
 *
 * Languages are two: Chinese and others (text/lang.h).
 */
#ifndef KB_ENCODER_CENTRE_H
#define KB_ENCODER_CENTRE_H

#include "base/err.h"

#define KB_CENTRE_TEXTS 20 /* of each language, or more */

/*
 * Write the model 'from' with means to the file 'to', whole or not at all. They
 * are those of the lines of the file 'texts', each as a question and as a
 * passage. KB_EINVAL: too few of a language, or a reranker.
 */
int kb_centre_model(const char *from, const char *to, const char *texts,
		    struct kb_err *err);

#endif
