-- Which orders wait for stock.
CREATE INDEX reservations_short ON reservations (order_id) WHERE covered < quantity;
