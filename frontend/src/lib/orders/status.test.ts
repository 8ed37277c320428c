import { describe, expect, it } from 'vitest';
import type { Schema } from '$lib/api';
import { discountSums, mailable, nextStep, packable, returnable } from './status';

type Order = Schema['Order'];
type Parcel = Schema['Fulfilment'];

function order(change: Partial<Order>, line: Partial<Schema['OrderLine']> = {}): Order {
	const lines = [{ id: 1, quantity: 3, fulfilled: 0, backordered: 0, ...line }];
	return { status: 'placed', channel: 'counter', due: 0, dueBack: 0, fulfilments: [], returns: [], lines, ...change } as Order;
}

const parcel = (status: Parcel['status'], pickup: boolean) =>
	({ status, pickup, lines: [{ orderLineId: 1, quantity: 2 }] }) as Parcel;

const back = (status: Schema['Return']['status']) => [{ status, lines: [{ orderLineId: 1, quantity: 1 }] }] as Schema['Return'][];

describe('the next step', () => {
	it.each<[string, Order, ReturnType<typeof nextStep>]>([
		['of a draft is to place it', order({ status: 'draft', due: 500 }), 'place'],
		['of a web order is to confirm it', order({ channel: 'web', due: 500 }), 'confirm'],
		['of an unpaid counter order is the payment', order({ due: 500 }), 'pay'],
		['of a paid counter order is the counter', order({}), 'handover'],
		['of a paid phone order is the parcel', order({ channel: 'phone' }), 'pack'],
		['of a packed parcel is the post, paid or not', order({ due: 500, fulfilments: [parcel('packed', false)] }), 'ship'],
		['of a packed pickup is to call it ready', order({ channel: 'web', status: 'confirmed', due: 500, fulfilments: [parcel('packed', true)] }), 'ready'],
		['of an unpaid pickup that is ready is the payment', order({ channel: 'web', status: 'confirmed', due: 500, fulfilments: [parcel('ready', true)] }), 'pay'],
		['of a paid pickup that is ready is the counter', order({ channel: 'web', status: 'confirmed', fulfilments: [parcel('ready', true)] }), 'collect'],
		['of goods that are not there is to wait', order({}, { backordered: 3 }), null],
		['of an order that owes the customer money is to give it back', order({ status: 'completed', dueBack: 500 }, { fulfilled: 3 }), 'refund'],
		['of a cancelled order that was paid too', order({ status: 'cancelled', dueBack: 500 }), 'refund'],
		['of a return that was asked for is to answer', order({ status: 'completed', returns: back('requested') }, { fulfilled: 3 }), 'approve'],
		['of a return on its way is to receive it', order({ status: 'completed', returns: back('approved') }, { fulfilled: 3 }), 'receive'],
		['of goods to pack comes before those on their way back', order({ channel: 'phone', returns: back('approved') }, { fulfilled: 1 }), 'pack'],
		['of a return that is done is nothing', order({ status: 'completed', returns: back('closed') }, { fulfilled: 3 }), null],
		['of a completed order is nothing', order({ status: 'completed' }, { fulfilled: 3 }), null]
	])('%s', (_, o, step) => expect(nextStep(o)).toBe(step));

	it('packs what is there and not packed already', () => {
		expect(packable(order({ fulfilments: [parcel('packed', false)] })).get(1)).toBe(1);
		expect(packable(order({ fulfilments: [parcel('cancelled', false)] })).get(1)).toBe(3);
		expect(packable(order({}, { fulfilled: 1, backordered: 1 })).get(1)).toBe(1);
	});
});

it('takes back what is gone, and is neither back nor on its way', () => {
	expect(returnable(order({ returns: back('approved') }, { fulfilled: 3, returned: 1 })).get(1)).toBe(1);
	expect(returnable(order({ returns: back('rejected') }, { fulfilled: 2, returned: 0 })).get(1)).toBe(2);
});

describe('the customer hears by mail', () => {
	const customer: Order['customer'] = { id: 1, name: 'Ann', phone: '', email: 'a@example.com' };
	it.each<[string, Order, boolean]>([
		['of an order by phone', order({ channel: 'phone', customer }), true],
		['of nothing without an address', order({ channel: 'phone', customer: { ...customer, email: '' } }), false],
		['of nothing when nobody is known', order({ channel: 'web' }), false],
		['of no sale at the counter', order({ channel: 'counter', customer }), false],
		['of no draft', order({ channel: 'phone', status: 'draft', customer }), false]
	])('%s', (_, o, hears) => expect(mailable(o)).toBe(hears));
});

it('tells what came off single lines from what a code took', () => {
	const lines = [{ discount: 200, orderDiscount: 50 }, { discount: 0, orderDiscount: 100 }] as Schema['OrderLine'][];
	expect(discountSums({ lines, discount: 350, discountCode: 'MAY', discountReason: '' })).toEqual([
		{ label: 'Discount on items', amount: 200 },
		{ label: 'Discount with MAY', amount: 150 }
	]);
});
