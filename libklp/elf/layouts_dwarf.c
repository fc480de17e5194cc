// SPDX-License-Identifier: GPL-2.0-or-later
/* DWARF 5, sections 5.7 (structures), 5.5 (arrays); DWARF 2 to 4 where they differ. */
#include "elf/layouts_parts.h"

#include <dwarf.h>
#include <elf.h>
#include <elfutils/libdw.h>

#include "elf/debug.h"

struct walk {
	struct klp_layout_sink *sink;
	bool big_endian;
	bool bad; /* what is read can't be so */
};

static bool number(Dwarf_Die *die, unsigned int name, Dwarf_Word *ret)
{
	Dwarf_Attribute attr;

	return dwarf_attr(die, name, &attr) && dwarf_formudata(&attr, ret) == 0;
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *ret)
{
	Dwarf_Attribute attr;

	return dwarf_attr(die, DW_AT_type, &attr) && dwarf_formref_die(&attr, ret);
}

/* Qualifiers and typedefs, behind which the type proper stands. */
static bool is_veil(Dwarf_Die *die)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_typedef:
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
		return true;
	default:
		return false;
	}
}

static bool bare_type_of(Dwarf_Die *die, Dwarf_Die *ret)
{
	if (!type_of(die, ret))
		return false;
	for (int i = 0; is_veil(ret); i++)
		if (i == KLP_LAYOUT_MAX_DEPTH || !type_of(ret, ret))
			return false;
	return true;
}

/*
 * The next child; false behind the last one. They stand one behind the other in the file: a
 * reference back would be followed for ever.
 */
static bool next_child(struct walk *w, Dwarf_Die *die, Dwarf_Die *child, bool first)
{
	Dwarf_Off before = dwarf_dieoffset(first ? die : child);
	int r = first ? dwarf_child(die, child) : dwarf_siblingof(child, child);

	if (r > 0)
		return false;
	if (r == 0 && dwarf_dieoffset(child) > before)
		return true;
	w->bad = true;
	return false;
}

/* Of one dimension; 0 for [] and [0]. */
static uint64_t count_of(Dwarf_Die *range)
{
	Dwarf_Attribute attr;
	Dwarf_Word count;
	Dwarf_Sword last;

	if (number(range, DW_AT_count, &count))
		return count;
	if (!dwarf_attr(range, DW_AT_upper_bound, &attr) || dwarf_formsdata(&attr, &last) ||
	    last < 0)
		return 0;
	return (uint64_t)last + 1;
}

/* In bytes. */
static uint64_t size_of(struct walk *w, Dwarf_Die *type)
{
	uint64_t times = 1, size = KLP_LAYOUT_NO_SIZE;
	Dwarf_Word bytes;

	for (int i = 0; i < KLP_LAYOUT_MAX_DEPTH; i++) {
		int tag = dwarf_tag(type);
		Dwarf_Die child;

		if (number(type, DW_AT_byte_size, &bytes)) {
			size = bytes;
			break;
		}
		if (tag == DW_TAG_array_type) {
			for (bool more = next_child(w, type, &child, true); more;
			     more = next_child(w, type, &child, false))
				if (dwarf_tag(&child) == DW_TAG_subrange_type &&
				    __builtin_mul_overflow(times, count_of(&child), &times))
					return KLP_LAYOUT_NO_SIZE;
		} else if (!is_veil(type) && tag != DW_TAG_enumeration_type) {
			break;
		}
		if (!type_of(type, type))
			break;
	}
	if (size == KLP_LAYOUT_NO_SIZE || __builtin_mul_overflow(times, size, &size))
		return KLP_LAYOUT_NO_SIZE;
	return size;
}

/* Bytes; DWARF 2 wrote an expression that adds it to the struct's address. */
static uint64_t location_of(Dwarf_Die *member)
{
	Dwarf_Attribute attr;
	Dwarf_Word bytes;
	Dwarf_Op *ops;
	size_t n;

	if (number(member, DW_AT_data_member_location, &bytes))
		return bytes;
	if (dwarf_attr(member, DW_AT_data_member_location, &attr) &&
	    dwarf_getlocation(&attr, &ops, &n) == 0 && n == 1 && ops[0].atom == DW_OP_plus_uconst)
		return ops[0].number;
	return 0;
}

/*
 * Where a bit-field begins. Until DWARF 4 its place was that of its most significant bit, from
 * the most significant one of what holds it.
 */
static uint64_t place_of(const struct walk *w, Dwarf_Die *member, uint64_t storage, uint64_t bits)
{
	uint64_t at = location_of(member) * 8;
	Dwarf_Word word;

	if (number(member, DW_AT_data_bit_offset, &word))
		return at + word;
	if (!number(member, DW_AT_bit_offset, &word))
		return at;
	return at + (w->big_endian ? word : storage * 8 - word - bits);
}

static bool read_members(struct walk *w, Dwarf_Die *die, uint64_t from, int depth);

static bool read_member(struct walk *w, Dwarf_Die *member, uint64_t from, int depth)
{
	const char *name = dwarf_diename(member);
	uint64_t size, at;
	Dwarf_Die type;
	Dwarf_Word word;

	if (!bare_type_of(member, &type))
		return false;
	if (!name) {
		int tag = dwarf_tag(&type);

		/* An unnamed bit-field is padding. */
		return (tag != DW_TAG_structure_type && tag != DW_TAG_union_type) ||
		       read_members(w, &type, from + location_of(member) * 8, depth + 1);
	}
	size = size_of(w, &type);
	if (!number(member, DW_AT_bit_size, &word)) {
		if (size != KLP_LAYOUT_NO_SIZE && __builtin_mul_overflow(size, 8, &size))
			return false;
		return klp_layout__push(w->sink, name, from + location_of(member) * 8, size);
	}
	if (number(member, DW_AT_byte_size, &size))
		at = place_of(w, member, size, word);
	else
		at = place_of(w, member, size == KLP_LAYOUT_NO_SIZE ? 0 : size, word);
	return klp_layout__push(w->sink, name, from + at, word);
}

static bool read_members(struct walk *w, Dwarf_Die *die, uint64_t from, int depth)
{
	Dwarf_Die child;

	if (depth == KLP_LAYOUT_MAX_DEPTH)
		return false;
	for (bool more = next_child(w, die, &child, true); more;
	     more = next_child(w, die, &child, false))
		if (dwarf_tag(&child) == DW_TAG_member && !read_member(w, &child, from, depth))
			return false;
	return !w->bad;
}

static bool read_type(struct walk *w, Dwarf_Die *die)
{
	struct klp_layout_sink *sink = w->sink;
	int tag = dwarf_tag(die);
	const char *name;
	Dwarf_Word size;

	if ((tag != DW_TAG_structure_type && tag != DW_TAG_union_type) ||
	    dwarf_hasattr(die, DW_AT_declaration) || !number(die, DW_AT_byte_size, &size))
		return true;
	name = dwarf_diename(die);
	if (!name || !sink->wants(sink->ctx, name))
		return true;
	klp_layout__begin(sink, name, tag == DW_TAG_union_type, size);
	if (!read_members(w, die, 0, 0))
		return false;
	sink->take(sink->ctx, &sink->layout);
	return true;
}

static bool read_unit(struct walk *w, Dwarf_Die *unit)
{
	Dwarf_Die child;

	for (bool more = next_child(w, unit, &child, true); more && !w->sink->done;
	     more = next_child(w, unit, &child, false))
		if (!read_type(w, &child))
			return false;
	return !w->bad;
}

static bool is_big_endian(Dwfl_Module *module)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(module, &bias);
	const char *ident = elf ? elf_getident(elf, NULL) : NULL;

	return ident && ident[EI_DATA] == ELFDATA2MSB;
}

int klp_dwarf__read(const char *path, struct klp_layout_sink *sink, struct klp_error *err)
{
	struct walk w = { .sink = sink };
	Dwfl_Module *module;
	Dwarf_Addr bias;
	bool good = true;
	Dwfl *dwfl;

	if (klp_debug__open(path, &dwfl, &module, err) < 0)
		return err->code;
	w.big_endian = is_big_endian(module);
	for (Dwarf_Die *unit = NULL;
	     good && !sink->done && (unit = dwfl_module_nextcu(module, unit, &bias));)
		good = read_unit(&w, unit);
	dwfl_end(dwfl);
	if (good)
		return 0;
	klp_error_set(err, KLP_EINPUT, "the debug information of '%s' is malformed", path);
	return klp_error_at(err, path, 0, 0);
}
