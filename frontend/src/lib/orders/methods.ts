import Banknote from '@lucide/svelte/icons/banknote';
import CreditCard from '@lucide/svelte/icons/credit-card';
import Ellipsis from '@lucide/svelte/icons/ellipsis';
import Landmark from '@lucide/svelte/icons/landmark';
import type { Schema } from '$lib/api';
import type { Icon } from '$lib/ui/types';
import { methodName } from './status';

type Method = Schema['Payment']['method'];

const icons: Record<Method, Icon> = { cash: Banknote, card: CreditCard, transfer: Landmark, other: Ellipsis };

/** The ways in which money is taken and given back. */
export const methods = (Object.keys(icons) as Method[]).map((value) => ({ value, icon: icons[value], label: methodName(value) }));
