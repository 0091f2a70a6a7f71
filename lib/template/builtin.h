/*
 * Filters, methods, tests and functions of the template language, bound to
 * their names in builtin.c. None of them reads a file or the environment; a
 * clock only strftime_now() does.
 */
#ifndef KB_TEMPLATE_BUILTIN_H
#define KB_TEMPLATE_BUILTIN_H

#include "template/evaluator.h"

/* The string a method is called on. */
struct kb_str kb_self_str(const struct kb_tmpl_call *call);

kb_builtin_fn kb_f_upper;
kb_builtin_fn kb_f_lower;
kb_builtin_fn kb_f_title;
kb_builtin_fn kb_m_title;
kb_builtin_fn kb_f_capitalize;
kb_builtin_fn kb_f_trim;
kb_builtin_fn kb_m_lstrip;
kb_builtin_fn kb_m_rstrip;
kb_builtin_fn kb_m_split;
kb_builtin_fn kb_m_splitlines;
kb_builtin_fn kb_f_replace;
kb_builtin_fn kb_m_startswith;
kb_builtin_fn kb_m_endswith;
kb_builtin_fn kb_m_find;
kb_builtin_fn kb_m_count;
kb_builtin_fn kb_m_isdigit;
kb_builtin_fn kb_m_isalpha;
kb_builtin_fn kb_m_isalnum;
kb_builtin_fn kb_m_isspace;
kb_builtin_fn kb_m_isupper;
kb_builtin_fn kb_m_islower;
kb_builtin_fn kb_m_removeprefix;
kb_builtin_fn kb_m_removesuffix;
kb_builtin_fn kb_m_rfind;
kb_builtin_fn kb_m_rsplit;
kb_builtin_fn kb_f_indent;
kb_builtin_fn kb_f_truncate;
kb_builtin_fn kb_f_wordcount;
kb_builtin_fn kb_f_string;
kb_builtin_fn kb_f_length;
kb_builtin_fn kb_f_list;
kb_builtin_fn kb_f_first;
kb_builtin_fn kb_f_last;
kb_builtin_fn kb_f_reverse;
kb_builtin_fn kb_f_join;
kb_builtin_fn kb_m_join;
kb_builtin_fn kb_f_sort;
kb_builtin_fn kb_f_dictsort;
kb_builtin_fn kb_f_items;
kb_builtin_fn kb_m_keys;
kb_builtin_fn kb_m_values;
kb_builtin_fn kb_m_get;
kb_builtin_fn kb_f_unique;
kb_builtin_fn kb_f_max;
kb_builtin_fn kb_f_min;
kb_builtin_fn kb_f_sum;
kb_builtin_fn kb_f_map;
kb_builtin_fn kb_f_select;
kb_builtin_fn kb_f_reject;
kb_builtin_fn kb_f_selectattr;
kb_builtin_fn kb_f_rejectattr;

#endif
